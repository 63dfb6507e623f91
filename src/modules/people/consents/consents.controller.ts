import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { consentViewExample, type ConsentView } from './consent-view.js';
import { ConsentsService } from './consents.service.js';
import { consentsListAnswer } from './answers.js';

@ApiTags('consents')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Roles('customer-service', 'agent', 'privacy')
@Controller('v1/customers/:customerId/consents')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Get()
  @ApiOperation({ summary: 'Every consent the customer ever gave, oldest first, and what has become of it' })
  @ApiResponse({
    status: 200,
    standardSchema: consentsListAnswer,
    description: 'The ledger.',
    example: { consents: [consentViewExample] },
  })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async list(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @CurrentPrincipal() by: Principal,
  ): Promise<{ consents: readonly ConsentView[] }> {
    return { consents: await this.consents.list(by, customerId) };
  }
}
