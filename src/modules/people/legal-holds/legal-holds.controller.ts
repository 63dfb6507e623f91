import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId, TokenId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { holdBody, type NewHold } from './legal-hold-body.js';
import { LegalHolds, type HoldView } from './legal-holds.service.js';
import { holdViewSchema, legalHoldsListAnswer } from './answers.js';

const example: HoldView = {
  holdId: '5f0c8a56-90b4-4b8e-8f15-6a0a5f0e7d21',
  customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as CustomerId,
  entryId: null,
  reason: 'Claim 4 O 118/26 before the regional court: evidence of the calls of March 2026.',
  state: 'in-force',
  placedBy: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55' as TokenId,
  placedAt: '2026-03-01T09:30:00.000Z',
  endsAt: '2027-03-01T00:00:00.000Z',
  releasedBy: null,
  releasedAt: null,
};

@ApiTags('retention')
@ApiBearerAuth()
@Roles('privacy', 'admin')
@Controller('v1/legal-holds')
export class LegalHoldsController {
  constructor(private readonly holds: LegalHolds) {}

  @Post()
  @ApiOperation({
    summary: 'Stop the deletion of what is kept of a customer, or of a voice on a watchlist',
    description:
      'For legal claims (GDPR Art. 17(3)(e)), with a reason and an end. What is past its date is kept and not used (Art. 18). ' +
      'Consent withdrawn still destroys the voiceprint: a claim needs the record, not the voice.',
  })
  @ApiResponse({ status: 201, standardSchema: holdViewSchema, description: 'In force.', example })
  @ApiResponse({ status: 404, description: 'customer-not-found or unknown-watchlist-entry' })
  place(@Body({ schema: holdBody }) body: NewHold, @CurrentPrincipal() by: Principal): Promise<HoldView> {
    return this.holds.place(by, body);
  }

  @Get()
  @ApiOperation({ summary: 'Every hold there was, newest first' })
  @ApiResponse({
    status: 200,
    standardSchema: legalHoldsListAnswer,
    description: 'At most 1000.',
    example: { holds: [example] },
  })
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<{ holds: readonly HoldView[] }> {
    return { holds: await this.holds.list(tenantId) };
  }

  @Post(':holdId/release')
  @HttpCode(200)
  @ApiParam({ name: 'holdId', format: 'uuid' })
  @ApiOperation({ summary: 'End a hold before its date: the next sweep deletes what is due' })
  @ApiResponse({
    status: 200,
    standardSchema: holdViewSchema,
    description: 'Released, now or before.',
    example,
  })
  @ApiResponse({ status: 404, description: 'legal-hold-not-found' })
  release(
    @Param('holdId', { schema: z.uuid() }) holdId: string,
    @CurrentPrincipal() by: Principal,
  ): Promise<HoldView> {
    return this.holds.release(by, holdId);
  }
}
