import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { ApiPage } from '../../../platform/http/api-page.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { newRequestBody, pageQuery, type NewRequest } from './request-body.js';
import { requestExample } from './request-example.js';
import type { RequestView } from './request-view.js';
import { RequestsService, type RequestPage } from './requests.service.js';
import { requestPageSchema, requestViewSchema } from './answers.js';

@ApiTags('requests')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Roles('agent', 'customer-service', 'privacy')
@Controller('v1/customers/:customerId/requests')
export class CustomerRequestsController {
  constructor(private readonly requests: RequestsService) {}

  @Post()
  @ApiOperation({
    summary: 'Take in a request of this customer about their data',
    description:
      'Kinds: access, portability, correction (a new enrolment), erasure, objection or opt-out (`scopes`), limit, appeal (`appealOf`, a refused ' +
      'request). The clock is that of the laws of the customer’s residence. Objections and limits are in force at once: live calls stop ' +
      'being processed. Whoever asks for another person says with what authority (`onBehalf`).',
  })
  @ApiResponse({ status: 503, description: 'clock-set-back' })
  @ApiResponse({
    status: 201,
    standardSchema: requestViewSchema,
    description: 'Received, with its date and the rule that set it.',
    example: requestExample,
  })
  @ApiResponse({ status: 400, description: 'bad-input: an unknown kind, among others.' })
  @ApiResponse({
    status: 404,
    description: 'customer-not-found, or request-not-found of an appeal: no such refusal of this person.',
  })
  @ApiResponse({
    status: 409,
    description:
      'request-open (one of this kind is), not-refused, appeal-refused, authority-not-checked or call-not-verified.',
  })
  open(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body({ schema: newRequestBody }) body: NewRequest,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.open(by, customerId, body, by.role === 'privacy' ? 'officer' : 'agent');
  }

  @Get()
  @ApiOperation({
    summary: 'The customer’s requests: open ones by their date, then answered ones',
    description: 'Go on with cursor = nextCursor until it is null.',
  })
  @ApiPage({ most: 500, usual: 100 })
  @ApiResponse({
    status: 200,
    standardSchema: requestPageSchema,
    description: 'One page of them.',
    example: { requests: [requestExample], nextCursor: null },
  })
  list(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Query({ schema: pageQuery }) { limit, cursor }: z.output<typeof pageQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<RequestPage> {
    return this.requests.list(tenantId, { customerId, limit, after: cursor });
  }
}
