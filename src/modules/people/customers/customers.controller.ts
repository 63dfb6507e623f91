import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { residenceSchema } from '../../../core/privacy/residence.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { toCustomerView, type CustomerState, type CustomerView } from '../customer-file/customer-state.js';
import { CustomersService } from './customers.service.js';

const accountRef = z.string().min(1).max(200);
const newCustomer = z
  .strictObject({
    accountRef,
    residence: residenceSchema.optional(),
  })
  .meta({ example: { accountRef: 'ACC-1001', residence: 'DE' } });
const changedCustomer = z
  .strictObject({ residence: residenceSchema.nullable() })
  .meta({ example: { residence: 'US-CO' } });
const listQuery = z.strictObject({
  accountRef: accountRef.optional(),
  after: z.uuid().optional(),
  limit: z.coerce.number('a number').int().min(1).max(200).prefault(50),
});

const example: CustomerView = {
  customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as CustomerId,
  accountRef: 'ACC-1001',
  residence: 'US-IL',
  createdAt: '2026-03-01T09:30:00.000Z',
  lastInteractionAt: '2026-03-01T09:30:00.000Z',
};
const stateExample: CustomerState = {
  ...example,
  consent: { verification: 'granted', enrolment: 'granted', 'fraud-watchlist': 'missing' },
  packs: ['bipa'],
  voiceprint: 'active',
};

@ApiTags('customers')
@ApiBearerAuth()
@Controller('v1/customers')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Post()
  @Roles('customer-service', 'privacy', 'admin')
  @ApiOperation({
    summary: 'Make a customer known to Timbre',
    description:
      'By the reference your own systems use. Residence decides which laws apply; leave it out when unknown.',
  })
  @ApiResponse({ status: 201, description: 'The customer.', example })
  @ApiResponse({
    status: 409,
    description: 'customer-exists: the reference is taken; customerId says by whom.',
  })
  async create(
    @Body({ schema: newCustomer }) body: z.output<typeof newCustomer>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<CustomerView> {
    return toCustomerView(await this.customers.create(tenantId, body));
  }

  @Get()
  @Roles('customer-service', 'privacy', 'admin')
  @ApiOperation({ summary: 'Customers, all or the one with an account reference' })
  @ApiQuery({ name: 'accountRef', required: false, type: String, example: example.accountRef })
  @ApiQuery({ name: 'after', required: false, format: 'uuid', description: '`next` of the page before.' })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  @ApiResponse({
    status: 200,
    description: 'In order of their ids; `next` is null on the last page.',
    example: { customers: [example], next: null },
  })
  async list(
    @Query({ schema: listQuery }) query: z.output<typeof listQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ customers: readonly CustomerView[]; next: CustomerId | null }> {
    const found = await this.customers.list(tenantId, { ...query, limit: query.limit + 1 });
    const customers = found.slice(0, query.limit).map(toCustomerView);
    return { customers, next: found.length > query.limit ? (customers.at(-1)?.customerId ?? null) : null };
  }

  @Get(':customerId')
  @Roles('agent', 'customer-service', 'privacy', 'admin')
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiOperation({ summary: 'A customer, with consent by purpose and the state of the voiceprint' })
  @ApiResponse({ status: 200, description: 'As things stand now.', example: stateExample })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  state(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<CustomerState> {
    return this.customers.state(tenantId, customerId);
  }

  @Patch(':customerId')
  @Roles('customer-service', 'privacy', 'admin')
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiOperation({
    summary: 'The customer has moved: other laws may protect them now',
    description:
      'Null when it is no longer known. What is kept gets its date anew; consent that the law of the new place does not take no longer counts.',
  })
  @ApiResponse({ status: 200, description: 'The customer.', example })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async change(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body({ schema: changedCustomer }) { residence }: z.output<typeof changedCustomer>,
    @CurrentPrincipal() by: Principal,
  ): Promise<CustomerView> {
    return toCustomerView(await this.customers.changeResidence(by, customerId, residence));
  }
}
