import { Body, Controller, Param, Patch } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { residenceSchema } from '../../../core/privacy/residence.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { customerExample, toCustomerView, type CustomerView } from '../customers/customer-view.js';
import { ResidenceChange } from './residence-change.service.js';
import { customerViewSchema } from '../customers/answers.js';

const changedCustomer = z
  .strictObject({ residence: residenceSchema.nullable() })
  .meta({ example: { residence: 'US-CO' } });

@ApiTags('customers')
@ApiBearerAuth()
@Controller('v1/customers')
export class ResidenceController {
  constructor(private readonly residence: ResidenceChange) {}

  @Patch(':customerId')
  @Roles('customer-service', 'privacy', 'admin')
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiOperation({
    summary: 'The customer has moved: other laws may protect them now',
    description:
      'Null when it is no longer known. What is kept gets its date anew; consent that the law of the new place does not take no longer counts.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: customerViewSchema,
    description: 'The customer.',
    example: customerExample,
  })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async change(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body({ schema: changedCustomer }) { residence }: z.output<typeof changedCustomer>,
    @CurrentPrincipal() by: Principal,
  ): Promise<CustomerView> {
    return toCustomerView(await this.residence.change(by, customerId, residence));
  }
}
