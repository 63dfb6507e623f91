import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { residenceSchema } from '../../../core/privacy/residence.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { customerExample, toCustomerView, type CustomerView } from './customer-view.js';
import { CustomersService } from './customers.service.js';
import { customerViewSchema, customersListAnswer } from './answers.js';

const accountRef = z.string().min(1).max(200);
const newCustomer = z
  .strictObject({
    accountRef,
    residence: residenceSchema.optional(),
  })
  .meta({ example: { accountRef: 'ACC-1001', residence: 'DE' } });
const listQuery = z.strictObject({
  accountRef: accountRef.optional(),
  after: z.uuid().optional(),
  limit: z.coerce.number('a number').int().min(1).max(200).prefault(50),
});

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
  @ApiResponse({
    status: 201,
    standardSchema: customerViewSchema,
    description: 'The customer.',
    example: customerExample,
  })
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
  @ApiQuery({ name: 'accountRef', required: false, type: String, example: customerExample.accountRef })
  @ApiQuery({ name: 'after', required: false, format: 'uuid', description: '`next` of the page before.' })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  @ApiResponse({
    status: 200,
    standardSchema: customersListAnswer,
    description: 'In order of their ids; `next` is null on the last page.',
    example: { customers: [customerExample], next: null },
  })
  async list(
    @Query({ schema: listQuery }) query: z.output<typeof listQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ customers: readonly CustomerView[]; next: CustomerId | null }> {
    const found = await this.customers.list(tenantId, { ...query, limit: query.limit + 1 });
    const customers = found.slice(0, query.limit).map(toCustomerView);
    return { customers, next: found.length > query.limit ? (customers.at(-1)?.customerId ?? null) : null };
  }
}
