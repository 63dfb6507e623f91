import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ObjectionsService, type ObjectionView, type TakenBack } from './objections.service.js';
import { requestExample } from './request-example.js';
import { objectionsListAnswer, takenBackSchema } from './answers.js';

const uuid = z.uuid();
const example: ObjectionView = {
  objectionId: '7be3c1a4-6d7e-4f55-9d0a-0c2f5e8f1b77',
  requestId: requestExample.requestId,
  kind: 'limit',
  scopes: ['verification'],
  since: '2026-03-01T09:30:00.000Z',
  standing: 'in-force',
  takenBackAt: null,
};
const takenBackExample: TakenBack = {
  objectionId: example.objectionId,
  takenBackAt: '2026-04-02T11:00:00.000Z',
  alreadyTakenBack: false,
};

@ApiTags('requests')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@ApiResponse({ status: 404, description: 'customer-not-found' })
@Roles('agent', 'customer-service', 'privacy')
@Controller('v1/customers/:customerId/objections')
export class ObjectionsController {
  constructor(private readonly objections: ObjectionsService) {}

  @Get()
  @ApiOperation({
    summary: 'What the customer has objected to or limited, oldest first, and what holds of it',
  })
  @ApiResponse({
    status: 200,
    standardSchema: objectionsListAnswer,
    description: 'All that were ever made.',
    example: { objections: [example] },
  })
  async list(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ objections: readonly ObjectionView[] }> {
    return { objections: await this.objections.list(tenantId, customerId) };
  }

  @Delete(':objectionId')
  @HttpCode(200)
  @ApiParam({ name: 'objectionId', format: 'uuid' })
  @ApiOperation({
    summary: 'The customer takes an objection or a limit back',
    description:
      'All of its scopes; who means one of them objects to the others anew. It gives no consent: what the objection ended stays ended, ' +
      'what a limit held back counts again. Live calls hear of it at once. Again: same answer, nothing recorded.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: takenBackSchema,
    description: 'Taken back, now or before.',
    example: takenBackExample,
  })
  @ApiResponse({
    status: 404,
    description: 'objection-not-found: it was never made, and nothing is recorded. customer-not-found.',
  })
  @ApiResponse({ status: 409, description: 'objection-not-carried-out: its request is still open.' })
  @ApiResponse({ status: 503, description: 'clock-set-back' })
  takeBack(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @Param('objectionId', { schema: uuid }) objectionId: string,
    @CurrentPrincipal() by: Principal,
  ): Promise<TakenBack> {
    const channel = by.role === 'privacy' ? 'officer' : 'agent';
    return this.objections.takeBack(by, customerId, objectionId, channel);
  }
}
