import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId, TokenId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import type { HeldEnrolment } from './held-enrolment.entity.js';
import { HeldEnrolments, type ReleaseOutcome } from './held-enrolments.service.js';
import { toHeldView, type HeldEnrolmentView } from './voiceprint-status.js';
import { heldEnrolmentsListAnswer, heldEnrolmentsReleaseAnswer } from './answers.js';

interface WaitingEnrolment extends HeldEnrolmentView {
  readonly customerId: CustomerId;
  /** Whose token offered it, or gave the link by which the customer did. */
  readonly offeredBy: TokenId | null;
}

const listQuery = z.strictObject({
  customerId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const uuid = z.uuid();

const example: WaitingEnrolment = {
  heldId: '8c1f5c1e-27d9-4a3c-9a53-4c1f0d3b7d10',
  customerId: '0d8a1a52-5f0e-4b43-8f55-0d8a1a525f0e' as CustomerId,
  because: 'unlike-voiceprint',
  reason: 'voice-changed',
  checks: ['identity-document', 'in-person'],
  offeredBy: '6b0f7c3a-7f52-4a0e-9d53-1f5f5a0c2b11' as TokenId,
  source: 'upload',
  netSpeechMs: 27_400,
  createdAt: '2026-03-01T09:30:00.000Z',
  expiresAt: '2026-03-31T09:30:00.000Z',
};

const deciders = ['fraud', 'customer-service'] as const;

@ApiTags('voiceprints')
@ApiBearerAuth()
@Controller('v1')
export class HeldEnrolmentsController {
  constructor(private readonly held: HeldEnrolments) {}

  @Get('held-enrolments')
  @Roles(...deciders, 'privacy')
  @ApiOperation({
    summary: 'Enrolments that wait for a second person, oldest first',
    description:
      'Of customers who have a voiceprint: of another voice (unlike-voiceprint), of a model that it cannot be compared under ' +
      '(voiceprint-of-earlier-model), or made while a call of the customer was under way or a grave flag open. No call is compared with them.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: heldEnrolmentsListAnswer,
    description: 'What waits.',
    example: { heldEnrolments: [example] },
  })
  async list(
    @Query({ schema: listQuery }) { customerId, limit }: z.infer<typeof listQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ heldEnrolments: WaitingEnrolment[] }> {
    const rows = await this.held.list(tenantId, customerId as CustomerId | undefined, limit);
    return { heldEnrolments: rows.map(toWaiting) };
  }

  @Post('customers/:customerId/held-enrolments/:heldId/release')
  @HttpCode(200)
  @Roles(...deciders)
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiParam({ name: 'heldId', format: 'uuid' })
  @ApiOperation({
    summary: 'Let a held enrolment replace the voiceprint',
    description:
      'By another token than the one that offered it. It takes the place of the voiceprint in force and counts in calls once its ' +
      'cooling-off is over (policy, enrolment.coolingOffHours).',
  })
  @ApiResponse({ status: 200, standardSchema: heldEnrolmentsReleaseAnswer, description: 'In force.' })
  @ApiResponse({ status: 403, description: 'same-person: the token that offered it cannot release it.' })
  @ApiResponse({ status: 404, description: 'customer-not-found, or held-enrolment-not-found.' })
  @ApiResponse({
    status: 409,
    description: 'call-under-way, flag-open, no-consent or of-earlier-model. It waits on.',
  })
  async release(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Param('heldId', { schema: uuid }) heldId: string,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<Extract<EnrolmentOutcome, { kind: 'enrolled' }>> {
    return released(await this.held.release({ tenantId, customerId, heldId }, tokenId));
  }

  @Post('customers/:customerId/held-enrolments/:heldId/discard')
  @HttpCode(204)
  @Roles(...deciders)
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiParam({ name: 'heldId', format: 'uuid' })
  @ApiOperation({ summary: 'Destroy a held enrolment; the voiceprint in force stays' })
  @ApiResponse({ status: 204, description: 'Destroyed.' })
  @ApiResponse({ status: 404, description: 'customer-not-found, or held-enrolment-not-found.' })
  async discard(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Param('heldId', { schema: uuid }) heldId: string,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<void> {
    if (!(await this.held.discard({ tenantId, customerId, heldId }, tokenId))) notHeld();
  }
}

function released(outcome: ReleaseOutcome): Extract<EnrolmentOutcome, { kind: 'enrolled' }> {
  switch (outcome.kind) {
    case 'enrolled':
      return outcome;
    case 'not-held':
      return notHeld();
    case 'same-person':
      throw new ProblemError(403, 'same-person', 'Another person has to release this enrolment', {
        detail: 'The token that offered an enrolment cannot release it. It may discard it.',
      });
    case 'of-earlier-model':
      throw new ProblemError(409, 'of-earlier-model', 'The enrolment is of a model that is no longer used', {
        detail: 'Discard it, and enrol the customer again.',
      });
    case 'blocked':
      throw new ProblemError(409, outcome.by, 'Nothing is replaced just now', {
        detail:
          outcome.by === 'flag-open'
            ? 'A flag of the customer is open that is high or critical: review it first.'
            : 'A call of the customer is under way: wait for its end.',
      });
    case 'no-consent':
      throw new ProblemError(409, 'no-consent', 'There is no consent to enrol this customer', {
        extra: { reason: outcome.gate.reason, decidedBy: outcome.gate.decidedBy },
      });
  }
}

function notHeld(): never {
  throw new ProblemError(404, 'held-enrolment-not-found', 'No such enrolment of this customer is held', {
    detail: 'It was released or discarded, or its time was over.',
  });
}

function toWaiting(row: HeldEnrolment): WaitingEnrolment {
  return { ...toHeldView(row), customerId: row.customerId, offeredBy: row.offeredBy };
}
