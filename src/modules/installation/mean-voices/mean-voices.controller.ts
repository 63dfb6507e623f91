import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import type { MeanVoiceVersionView, MeanVoiceView } from './mean-voice-view.js';
import { MeanVoicesService } from './mean-voices.service.js';
import { meanVoiceVersionViewSchema, meanVoiceViewSchema, meanVoicesVersionsAnswer } from './answers.js';

const version: MeanVoiceVersionView = {
  version: 3,
  modelId: 'timbre-sv-8k-v1',
  meanVoice: 'own',
  calls: 2400,
  distance: 0.12,
  numbers: [0.0123, -0.0456],
  createdAt: '2026-03-01T09:30:00.000Z',
  createdBy: 'f0b7c9a1-4f0b-4a6c-9f1e-6c1de1d42c01',
};
const view: MeanVoiceView = {
  modelId: 'timbre-sv-8k-v1',
  modelSha256: 'c8af0b5c189410c18a77bfb3f503eaca4736b7d0595af2330220f9d03acd56de',
  inForce: { kind: 'own', ...version },
  gathered: { gathering: true, calls: 350, neededCalls: 9600, since: '2026-03-01T10:02:11.000Z' },
};

@ApiTags('models')
@ApiBearerAuth()
// The second is what it was called before (adr 14).
@Controller(['v1/mean-voice', 'v1/centre'])
export class MeanVoicesController {
  constructor(private readonly meanVoices: MeanVoicesService) {}

  @Get()
  @Roles('admin', 'privacy')
  @ApiOperation({
    summary: 'The mean voice that voices are compared around, and how many calls are gathered for another',
    description:
      'Telephone voices of one region share an offset, which is taken away before two are compared. The model brings one; with ' +
      'policy.verification.ownMeanVoice.gather (the default) one of your own callers takes its place from 30 of them on, and another one ' +
      'once four times as many were gathered. Only middles of 30 people and more are kept.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: meanVoiceViewSchema,
    description: 'Of the current model.',
    example: view,
  })
  view(@CurrentPrincipal() { tenantId }: Principal): Promise<MeanVoiceView> {
    return this.meanVoices.view(tenantId);
  }

  @Get('versions')
  @Roles('admin', 'privacy')
  @ApiOperation({ summary: 'Every mean voice that was put in force, newest first' })
  @ApiResponse({
    status: 200,
    standardSchema: meanVoicesVersionsAnswer,
    description: 'Never changed: results name theirs (thresholds.meanVoiceVersion).',
    example: { versions: [version] },
  })
  async versions(
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ versions: readonly MeanVoiceVersionView[] }> {
    return { versions: await this.meanVoices.versions(tenantId) };
  }

  @Post('refits')
  @Roles('admin')
  @ApiOperation({
    summary: 'Make a mean voice of the calls that are gathered, and put it in force',
    description:
      'For calls claimed from now on. Gathering begins anew. The calibration stays the model’s, which was fitted around the model’s ' +
      'mean voice: measure with timbre-evaluate --centre on labelled calls of yours before you rely on the llr (docs/evaluation.md).',
  })
  @ApiResponse({
    status: 201,
    standardSchema: meanVoiceVersionViewSchema,
    description: 'The version in force.',
    example: version,
  })
  @ApiResponse({
    status: 409,
    description: 'too-few-calls: below policy.verification.ownMeanVoice.minCalls.',
  })
  refit(@CurrentPrincipal() principal: Principal): Promise<MeanVoiceVersionView> {
    return this.meanVoices.refit(principal);
  }

  @Post('reset')
  @HttpCode(201)
  @Roles('admin')
  @ApiOperation({ summary: 'Go back to the model’s mean voice, for calls claimed from now on' })
  @ApiResponse({
    status: 201,
    standardSchema: meanVoiceVersionViewSchema,
    description: 'The version in force.',
    example: { ...version, version: 4, meanVoice: 'model', calls: 0, distance: null, numbers: null },
  })
  @ApiResponse({ status: 409, description: 'model-mean-voice-in-force' })
  reset(@CurrentPrincipal() principal: Principal): Promise<MeanVoiceVersionView> {
    return this.meanVoices.useModels(principal);
  }
}
