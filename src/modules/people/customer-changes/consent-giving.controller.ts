import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { consentBody, type NewConsent } from '../consents/consent-body.js';
import { consentViewExample, type ConsentView } from '../consents/consent-view.js';
import { ConsentGiving } from './consent-giving.service.js';
import { consentViewSchema } from '../consents/answers.js';

@ApiTags('consents')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Roles('customer-service', 'agent', 'privacy')
@Controller('v1/customers/:customerId/consents')
export class ConsentGivingController {
  constructor(private readonly giving: ConsentGiving) {}

  @Post()
  @ApiOperation({
    summary: 'Record that the customer has consented',
    description:
      'Names the version and language of the notice; its words are kept with the consent. A version that is not known yet comes into ' +
      'being with the words given here. Each purpose is agreed to by itself. A signed import needs `proofReference`. Live calls of the ' +
      'customer hear of it at once.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: consentViewSchema,
    description: 'Recorded; the ledger is never changed.',
    example: consentViewExample,
  })
  @ApiResponse({ status: 400, description: 'bad-input: for one, a consent given in the future.' })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  @ApiResponse({
    status: 409,
    description:
      'consent-method-not-enough (the law of the customer’s home does not take this way of agreeing; decidedBy says which), ' +
      'notice-not-found, notice-differs (other words under a version that is known), or notice-superseded (a newer version asks again). Nothing was recorded.',
  })
  give(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body({ schema: consentBody }) body: NewConsent,
    @CurrentPrincipal() by: Principal,
  ): Promise<ConsentView> {
    return this.giving.give(by, customerId, body);
  }
}
