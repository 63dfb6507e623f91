import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { RequestId } from '../../../core/ids.js';
import { requestKinds } from '../../../core/privacy/packs/pack.js';
import { requestStates } from '../../../core/privacy/requests/request.js';
import type { SignedReceipt } from '../../../core/privacy/erasure-receipt.js';
import { ApiPage } from '../../../platform/http/api-page.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import {
  answerBody,
  extensionBody,
  identityCheckBody,
  listQuery,
  refusalBody,
  type IdentityCheck,
  type ListQuery,
  type Refusal,
} from './request-body.js';
import { requestExample } from './request-example.js';
import type { RequestView } from './request-view.js';
import { RequestsService, type RequestPage } from './requests.service.js';
import { requestPageSchema, requestViewSchema, requestsFulfilAnswer } from './answers.js';

const id = { schema: z.uuid() };

@ApiTags('requests')
@ApiBearerAuth()
@ApiResponse({ status: 404, description: 'request-not-found' })
@ApiResponse({
  status: 503,
  description: 'clock-set-back: the server’s clock reads earlier than the last step.',
})
@Controller('v1/requests')
export class RequestsController {
  constructor(private readonly requests: RequestsService) {}

  @Get()
  @Roles('customer-service', 'privacy')
  @ApiOperation({
    summary: 'Requests: what is open by its date, overdue first; then what was answered, newest first',
    description: 'Go on with cursor = nextCursor until it is null.',
  })
  @ApiQuery({ name: 'customerId', required: false, schema: { type: 'string', format: 'uuid' } })
  @ApiQuery({ name: 'kind', required: false, enum: requestKinds })
  @ApiQuery({ name: 'state', required: false, enum: [...requestStates, 'open', 'answered'] })
  @ApiPage({ most: 500, usual: 100 })
  @ApiResponse({
    status: 200,
    standardSchema: requestPageSchema,
    description: 'Each with its clock.',
    example: { requests: [requestExample], nextCursor: null },
  })
  list(
    @Query({ schema: listQuery }) { cursor, ...search }: ListQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<RequestPage> {
    return this.requests.list(tenantId, { ...search, after: cursor });
  }

  @Get(':requestId')
  @Roles('customer-service', 'privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({ summary: 'One request' })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'As it stands.',
    example: requestExample,
  })
  get(
    @Param('requestId', id) requestId: RequestId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<RequestView> {
    return this.requests.get(tenantId, requestId);
  }

  @Post(':requestId/receipt')
  @HttpCode(200)
  @Roles('customer-service', 'privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({ summary: 'The person has been told that the request was received' })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'Recorded.',
    example: requestExample,
  })
  @ApiResponse({ status: 409, description: 'receipt-already-confirmed or already-answered.' })
  confirmReceipt(
    @Param('requestId', id) requestId: RequestId,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.confirmReceipt(by, requestId);
  }

  @Post(':requestId/identity-check')
  @HttpCode(200)
  @Roles('agent', 'customer-service', 'privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({
    summary: 'Who is asking was checked, how, and what came of it',
    description:
      'Before a check that was passed nothing is released, changed or erased. For whoever asks on behalf of another, the check is of their authority.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'Recorded.',
    example: requestExample,
  })
  @ApiResponse({
    status: 409,
    description: 'identity-already-checked, authority-not-checked, not-on-behalf or call-not-verified.',
  })
  checkIdentity(
    @Param('requestId', id) requestId: RequestId,
    @Body({ schema: identityCheckBody }) body: IdentityCheck,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.checkIdentity(by, requestId, body);
  }

  @Post(':requestId/start')
  @HttpCode(200)
  @Roles('customer-service', 'privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({ summary: 'Somebody works on it' })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'In progress.',
    example: requestExample,
  })
  @ApiResponse({ status: 409, description: 'identity-not-checked, already-started or already-answered.' })
  start(
    @Param('requestId', id) requestId: RequestId,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.start(by, requestId);
  }

  @Post(':requestId/extension')
  @HttpCode(200)
  @Roles('privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({
    summary: 'Extend the time, once, with the reason that the person is told',
    description: 'As far as every law that protects the person allows, and before the first date has passed.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'With its new date.',
    example: requestExample,
  })
  @ApiResponse({
    status: 409,
    description: 'already-extended, extension-not-allowed, too-late-to-extend or already-answered.',
  })
  extend(
    @Param('requestId', id) requestId: RequestId,
    @Body({ schema: extensionBody }) { reason }: z.output<typeof extensionBody>,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.extend(by, requestId, reason);
  }

  @Post(':requestId/fulfilment')
  @HttpCode(200)
  @Roles('privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({
    summary: 'Carry the request out and record the answer',
    description:
      'An erasure erases the customer and answers the signed receipt. Access and portability need the bundle handed out before, a ' +
      'correction the new voiceprint. An appeal that is granted opens the refused request again.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: requestsFulfilAnswer,
    description: 'Fulfilled.',
    example: { request: requestExample },
  })
  @ApiResponse({
    status: 409,
    description: 'identity-not-checked, not-released, re-enrolment-missing or already-answered.',
  })
  fulfil(
    @Param('requestId', id) requestId: RequestId,
    @Body({ schema: answerBody }) { explanation }: z.output<typeof answerBody>,
    @CurrentPrincipal() by: Principal,
  ): Promise<{ readonly request: RequestView; readonly receipt?: SignedReceipt }> {
    return this.requests.fulfil(by, requestId, explanation ?? null);
  }

  @Post(':requestId/refusal')
  @HttpCode(200)
  @Roles('privacy')
  @ApiParam({ name: 'requestId', format: 'uuid' })
  @ApiOperation({
    summary: 'Refuse the request, with the reason, its article and what the person is told',
    description: '`appealUnder` of the answer says whether the person may appeal within the business.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: requestViewSchema,
    description: 'Refused.',
    example: requestExample,
  })
  @ApiResponse({ status: 409, description: 'already-answered' })
  refuse(
    @Param('requestId', id) requestId: RequestId,
    @Body({ schema: refusalBody }) body: Refusal,
    @CurrentPrincipal() by: Principal,
  ): Promise<RequestView> {
    return this.requests.refuse(by, requestId, body);
  }
}
