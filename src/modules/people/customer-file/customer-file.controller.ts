import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId } from '../../../core/ids.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { unknownCustomer } from '../customers/customer-lock.js';
import { customerExample } from '../customers/customer-view.js';
import { Customer } from '../customers/customer.entity.js';
import { customerState, type CustomerState } from './customer-state.js';
import { customerStateSchema } from './answers.js';

const example: CustomerState = {
  ...customerExample,
  consent: { verification: 'granted', enrolment: 'granted', 'fraud-watchlist': 'missing' },
  packs: ['bipa'],
  voiceprint: 'active',
};

@ApiTags('customers')
@ApiBearerAuth()
@Controller('v1/customers')
export class CustomerFileController {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':customerId')
  @Roles('agent', 'customer-service', 'privacy', 'admin')
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiOperation({ summary: 'A customer, with consent by purpose and the state of the voiceprint' })
  @ApiResponse({
    status: 200,
    standardSchema: customerStateSchema,
    description: 'As things stand now.',
    example,
  })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async state(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<CustomerState> {
    const policy = await this.policies.current(tenantId);
    return this.database.forTenant(tenantId, async (em) => {
      const customer = (await em.findOneBy(Customer, { customerId })) ?? unknownCustomer();
      return customerState(em, customer, policy, this.engine.models, this.clock.nowMs());
    });
  }
}
