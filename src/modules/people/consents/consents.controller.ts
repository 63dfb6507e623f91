import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId, CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { consentBody, consentExample, type NewConsent } from './consent-body.js';
import type { ConsentView } from './consent-view.js';
import { ConsentsService, type Withdrawal } from './consents.service.js';

const uuid = z.uuid();
const consentId = '5f0c8a56-90b4-4b8e-8f15-6a0a5f0e7d21' as ConsentId;
const example: ConsentView = {
  consentId,
  state: 'granted',
  standingPurposes: consentExample.purposes,
  askedAgain: [],
  ...consentExample,
  givenAt: '2026-03-01T09:30:00.000Z',
  validUntil: null,
  withdrawnAt: null,
};
const withdrawalExample: Withdrawal = {
  consentId,
  withdrawnAt: '2026-03-02T10:00:00.000Z',
  alreadyWithdrawn: false,
  destroyed: { voiceprints: 1, stretches: 0, keys: 1 },
};

@ApiTags('consents')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Roles('customer-service', 'agent', 'privacy')
@Controller('v1/customers/:customerId/consents')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Post()
  @ApiOperation({
    summary: 'Record that the customer has consented',
    description:
      'Names the version and language of the notice; its words are kept with the consent. A version that is not known yet comes into ' +
      'being with the words given here. Each purpose is agreed to by itself. A signed import needs `proofReference`. Live calls of the ' +
      'customer hear of it at once.',
  })
  @ApiResponse({ status: 201, description: 'Recorded; the ledger is never changed.', example })
  @ApiResponse({ status: 400, description: 'bad-input: for one, a consent given in the future.' })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  @ApiResponse({
    status: 409,
    description:
      'consent-method-not-enough (the law of the customer’s home does not take this way of agreeing; decidedBy says which), ' +
      'notice-not-found, notice-differs (other words under a version that is known), or notice-superseded (a newer version asks again). Nothing was recorded.',
  })
  give(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Body({ schema: consentBody }) body: NewConsent,
    @CurrentPrincipal() by: Principal,
  ): Promise<ConsentView> {
    return this.consents.give(by, customerId, body);
  }

  @Get()
  @ApiOperation({ summary: 'Every consent the customer ever gave, oldest first, and what has become of it' })
  @ApiResponse({ status: 200, description: 'The ledger.', example: { consents: [example] } })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async list(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @CurrentPrincipal() by: Principal,
  ): Promise<{ consents: readonly ConsentView[] }> {
    return { consents: await this.consents.list(by, customerId) };
  }

  @Delete(':consentId')
  @HttpCode(200)
  @ApiParam({ name: 'consentId', format: 'uuid' })
  @ApiOperation({
    summary: 'Withdraw a consent',
    description:
      'Withdraws its purposes, also where an earlier consent covers them. Without verification or enrolment the customer’s key, ' +
      'voiceprints and pending enrolment are destroyed in the same step, and live calls stop being processed. Again: same answer, nothing recorded.',
  })
  @ApiResponse({ status: 200, description: 'Withdrawn, now or before.', example: withdrawalExample })
  @ApiResponse({
    status: 404,
    description: 'consent-not-found: it was never given, and nothing is recorded.',
  })
  withdraw(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Param('consentId', { schema: uuid }) id: ConsentId,
    @CurrentPrincipal() by: Principal,
  ): Promise<Withdrawal> {
    return this.consents.withdraw(by, customerId, id);
  }
}
