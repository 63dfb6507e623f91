import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId, CustomerId, VoiceprintId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import type { HeldEnrolmentView, PendingEnrolmentView, VoiceprintStatusView } from './voiceprint-status.js';
import { VoiceprintsService } from './voiceprints.service.js';
import { voiceprintDocumentSchema } from './answers.js';

interface VoiceprintDocument {
  readonly voiceprint: VoiceprintStatusView | null;
  readonly pending: PendingEnrolmentView | null;
  readonly held: readonly HeldEnrolmentView[];
}

const uuid = z.uuid();
const example: VoiceprintDocument = {
  voiceprint: {
    voiceprintId: '4be0a7a0-3b3c-4b8f-9d4f-d7c1c1a7a001' as VoiceprintId,
    status: 'active',
    modelId: 'timbre-sv-8k-v1',
    netSpeechMs: 27_400,
    source: 'upload',
    migratedFrom: null,
    consentId: '5f0c8a56-90b4-4b8e-8f15-6a0a5f0e7d21' as ConsentId,
    createdAt: '2026-03-01T09:30:00.000Z',
    vouchesFrom: '2026-03-01T09:30:00.000Z',
    expiresAt: '2028-02-29T09:30:00.000Z',
    expiryReason: 'days-after-last-interaction',
    expiryDecidedBy: {
      packId: 'policy',
      rule: 'retention',
      article: 'retention.voiceprintDaysAfterLastInteraction',
    },
    endedAt: null,
    endedReason: null,
  },
  pending: null,
  held: [],
};

@ApiTags('voiceprints')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Controller('v1/customers/:customerId/voiceprint')
export class VoiceprintsController {
  constructor(private readonly voiceprints: VoiceprintsService) {}

  @Get()
  @Roles('customer-service', 'privacy', 'agent')
  @ApiOperation({
    summary: 'What is kept of the customer’s voice, until when and why',
    description:
      'Never the voiceprint itself. An ended one is shown with its end; `pending` is speech waiting for the rest of an enrolment, `held` enrolments that a second person has to decide on.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: voiceprintDocumentSchema,
    description: 'The newest voiceprint.',
    example,
  })
  @ApiResponse({
    status: 404,
    description: 'customer-not-found, or voiceprint-not-found: there never was anything.',
  })
  async current(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<VoiceprintDocument> {
    const { voiceprint, pending, held } = await this.voiceprints.current(tenantId, customerId);
    if (voiceprint === undefined && pending === undefined) nothingKept();
    return { voiceprint: voiceprint ?? null, pending: pending ?? null, held };
  }

  @Delete()
  @HttpCode(204)
  @Roles('customer-service', 'privacy')
  @ApiOperation({
    summary: 'Revoke the voiceprint',
    description:
      'The customer’s key, voiceprints and pending enrolment are destroyed at once; live calls stop comparing. Consent stays as it is.',
  })
  @ApiResponse({ status: 204, description: 'Destroyed.' })
  @ApiResponse({ status: 404, description: 'customer-not-found, or voiceprint-not-found: nothing was kept.' })
  async revoke(
    @Param('customerId', { schema: uuid }) customerId: CustomerId,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<void> {
    if ((await this.voiceprints.revoke(tenantId, customerId, tokenId)) === undefined) nothingKept();
  }
}

function nothingKept(): never {
  throw new ProblemError(404, 'voiceprint-not-found', 'Nothing is kept of this customer’s voice');
}
