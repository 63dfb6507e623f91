import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { fraudStaffAnswer } from './answers.js';
import { fraudStaff } from './fraud-staff.js';

@ApiTags('flags')
@ApiBearerAuth()
@Controller('v1/fraud-staff')
export class FraudStaffController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Roles('fraud', 'admin', 'privacy')
  @ApiOperation({
    summary: 'Who a flag can be given to',
    description:
      'The labels of the tokens of the role fraud that are in force. `you` is null for a token of another role.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: fraudStaffAnswer,
    description: 'Each name once.',
    example: { you: 'm.keller', staff: ['k.lindt', 'm.keller'] },
  })
  async staff(
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<{ you: string | null; staff: readonly string[] }> {
    const staff = await this.database.forTenant(tenantId, (em) =>
      fraudStaff(em, tenantId, new Date(this.clock.nowMs())),
    );
    const you = staff.find((one) => one.tokenId === tokenId)?.name ?? null;
    return { you, staff: [...new Set(staff.map(({ name }) => name))] };
  }
}
