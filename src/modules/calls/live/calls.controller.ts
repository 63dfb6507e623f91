import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CallId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { CallsService, type CallSummary } from './calls.service.js';
import { callSummarySchema, callsEnrolAnswer, callsEventsAnswer, callsListAnswer } from './answers.js';

const callIdSchema = z.uuid();
const claimSchema = z.strictObject({
  customer: z
    .string()
    .min(1)
    .max(200)
    .refine((text) => !text.includes('\0'), 'text without NUL'),
});
const listSchema = z.strictObject({
  live: z.enum(['true', 'false']).optional(),
  before: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const eventsSchema = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .default('0'),
});

const exampleId = '0b0f3c4e-7a55-4a0e-9b1a-3f1f2f1b6a10';

@ApiTags('calls')
@ApiBearerAuth()
@Controller('v1/calls')
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @Get()
  @Roles('agent', 'fraud', 'admin')
  @ApiOperation({ summary: 'Calls, newest first, each with its current result' })
  @ApiQuery({ name: 'live', required: false, enum: ['true', 'false'] })
  @ApiQuery({ name: 'before', required: false, description: 'Opened before this time: the next page.' })
  @ApiQuery({ name: 'limit', required: false, description: '1 to 200, 50 when left out.' })
  @ApiResponse({ status: 200, standardSchema: callsListAnswer, description: '{ calls: CallSummary[] }' })
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: listSchema }) query: z.output<typeof listSchema>,
  ): Promise<{ calls: CallSummary[] }> {
    const calls = await this.calls.list(tenantId, {
      live: query.live === undefined ? undefined : query.live === 'true',
      before: query.before === undefined ? undefined : new Date(query.before),
      limit: query.limit,
    });
    return { calls };
  }

  @Get(':id')
  @Roles('agent', 'fraud', 'admin')
  @ApiOperation({ summary: 'One call with its current result' })
  @ApiParam({ name: 'id', example: exampleId })
  @ApiResponse({ status: 404, description: 'No such call of this tenant.' })
  @ApiResponse({ status: 200, standardSchema: callSummarySchema })
  get(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param('id', { schema: callIdSchema }) id: string,
  ): Promise<CallSummary> {
    return this.calls.get(tenantId, id as CallId);
  }

  @Get(':id/events')
  @Roles('agent', 'fraud', 'admin')
  @ApiOperation({ summary: 'What happened in a call, in order; at most 1,000 events after the one given' })
  @ApiParam({ name: 'id', example: exampleId })
  @ApiQuery({ name: 'after', required: false, example: '0' })
  @ApiResponse({ status: 200, standardSchema: callsEventsAnswer })
  async events(
    @CurrentPrincipal() { tenantId }: Principal,
    @Param('id', { schema: callIdSchema }) id: string,
    @Query({ schema: eventsSchema }) { after }: z.output<typeof eventsSchema>,
  ) {
    const events = await this.calls.events(tenantId, id as CallId, after);
    return {
      events: events.map(({ eventId, kind, at, payload }) => ({
        id: eventId,
        kind,
        at: at.toISOString(),
        payload,
      })),
    };
  }

  @Post(':id/claim')
  @HttpCode(200)
  @Roles('telephony', 'agent')
  @ApiOperation({
    summary: 'Name the customer that the caller claims to be',
    description:
      'The voice is processed only if that customer has consented to verification. A claim for another customer begins afresh: nothing heard before counts for the new one.',
  })
  @ApiParam({ name: 'id', example: exampleId })
  @ApiBody({
    schema: {}, // the real one comes from @Body
    examples: {
      byReference: { summary: 'Your account reference', value: { customer: 'ACC-1001' } },
      byId: { summary: 'Timbre’s id of the customer', value: { customer: exampleId } },
    },
  })
  @ApiResponse({ status: 200, standardSchema: callSummarySchema, description: 'The call as it now stands.' })
  @ApiResponse({ status: 404, description: 'No such call, or no such customer.' })
  @ApiResponse({ status: 409, description: 'The call is over.' })
  claim(
    @CurrentPrincipal() by: Principal,
    @Param('id', { schema: callIdSchema }) id: string,
    @Body({ schema: claimSchema }) { customer }: z.output<typeof claimSchema>,
  ): Promise<CallSummary> {
    return this.calls.claim(by, id as CallId, customer);
  }

  @Post(':id/enrolment')
  @HttpCode(202)
  @Roles('agent')
  @ApiOperation({
    summary: 'Enrol the claimed customer from this call',
    description:
      'Needs consent for the purpose enrolment, a claimed customer and no suspicion against the call. Speech is gathered while the caller talks; what is missing at the end may come in a later call. The outcome is an event of kind enrolment. A voiceprint made in a call never verifies that same call.',
  })
  @ApiParam({ name: 'id', example: exampleId })
  @ApiResponse({
    status: 202,
    standardSchema: callsEnrolAnswer,
    description: 'Gathering.',
    example: { state: 'gathering', netSpeechMs: 0, neededMs: 20000 },
  })
  @ApiResponse({
    status: 409,
    description: 'not-claimed, no-consent, mixed-channel, call-under-suspicion or call-closed.',
  })
  async enrol(
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
    @Param('id', { schema: callIdSchema }) id: string,
  ): Promise<{ state: 'gathering'; netSpeechMs: number; neededMs: number }> {
    return { state: 'gathering', ...(await this.calls.startEnrolment(tenantId, id as CallId, tokenId)) };
  }
}
