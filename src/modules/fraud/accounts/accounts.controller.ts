import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import type { CallId } from '../../../core/ids.js';
import type { VerificationState } from '../../../core/speaker/verification.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import type { FlagSummary } from '../flags/flag-summary.js';
import { accountEventSchema, callIdSchema, type AccountEventBody } from './account-requests.js';
import { AccountsService } from './accounts.service.js';
import { accountEventAnswerSchema } from './answers.js';

interface AccountEventAnswer {
  readonly accountEventId: string;
  /** The call's flag for the claimed customer, raised or grown by this event or standing from before. */
  readonly flag: FlagSummary | null;
  /** How the voice check stood when the event was recorded. */
  readonly verificationState: VerificationState;
}

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('v1/calls/:id/account-events')
export class AccountsController {
  constructor(private readonly accounts: AccountsService) {}

  @Post()
  @Roles('agent', 'telephony', 'fraud')
  @ApiOperation({
    summary: 'Say what is being done on the account',
    description:
      'Something sensitive (as the policy says) while the caller is not verified raises a flag, stored before the answer is sent. ' +
      'After the call it is taken for as long as the policy allows (15 minutes), judged by how the call ended.',
  })
  @ApiBody({
    schema: {}, // the real one comes from @Body
    examples: { payout: { summary: 'A payout', value: { kind: 'payout', reference: 'TX-2026-001842' } } },
  })
  @ApiResponse({
    status: 201,
    standardSchema: accountEventAnswerSchema,
    description: 'Recorded.',
    example: {
      accountEventId: '3c1a3f0e-6f1d-4b52-9d0c-5b8a4d9e7f13',
      flag: null,
      verificationState: 'accepted',
    },
  })
  @ApiResponse({ status: 404, description: 'No such call.' })
  @ApiResponse({ status: 409, description: 'The call ended too long ago.' })
  async record(
    @Param({ schema: callIdSchema }) { id }: { id: CallId },
    @Body({ schema: accountEventSchema }) { kind, reference }: AccountEventBody,
    @CurrentPrincipal() principal: Principal,
  ): Promise<AccountEventAnswer> {
    const recorded = await this.accounts.record(principal, id, { kind, reference: reference ?? null });
    switch (recorded.kind) {
      case 'unknown-call':
        throw new ProblemError(404, 'unknown-call', 'There is no such call');
      case 'too-late':
        throw new ProblemError(409, 'call-closed', 'The call ended too long ago', {
          detail: `It ended at ${recorded.closedAt.toISOString()}; account events are taken for ${recorded.afterCallMs / 60_000} minutes after.`,
        });
      case 'recorded': {
        const { accountEventId, flag, verificationState } = recorded;
        return { accountEventId, flag: flag ?? null, verificationState };
      }
    }
  }
}
