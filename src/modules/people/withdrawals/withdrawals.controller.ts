import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId, CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { consentViewExample } from '../consents/consent-view.js';
import { Withdrawals, type Withdrawal } from './withdrawals.service.js';
import { withdrawalSchema } from './answers.js';

const example: Withdrawal = {
  consentId: consentViewExample.consentId,
  withdrawnAt: '2026-03-02T10:00:00.000Z',
  alreadyWithdrawn: false,
  destroyed: { voiceprints: 1, stretches: 0, keys: 1 },
};

@ApiTags('consents')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Roles('customer-service', 'agent', 'privacy')
@Controller('v1/customers/:customerId/consents')
export class WithdrawalsController {
  constructor(private readonly withdrawals: Withdrawals) {}

  @Delete(':consentId')
  @HttpCode(200)
  @ApiParam({ name: 'consentId', format: 'uuid' })
  @ApiOperation({
    summary: 'Withdraw a consent',
    description:
      'Withdraws its purposes, also where an earlier consent covers them. Without verification or enrolment the customer’s key, ' +
      'voiceprints and pending enrolment are destroyed in the same step, and live calls stop being processed. Again: same answer, nothing recorded.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: withdrawalSchema,
    description: 'Withdrawn, now or before.',
    example,
  })
  @ApiResponse({
    status: 404,
    description: 'consent-not-found: it was never given, and nothing is recorded.',
  })
  withdraw(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Param('consentId', { schema: z.uuid() }) id: ConsentId,
    @CurrentPrincipal() by: Principal,
  ): Promise<Withdrawal> {
    return this.withdrawals.withdraw(by, customerId, id);
  }
}
