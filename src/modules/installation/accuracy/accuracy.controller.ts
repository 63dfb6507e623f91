import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ownMeanVoice } from '../mean-voices/mean-voice-in-force.js';
import { PoliciesService } from '../policies/policies.service.js';
import { acceptanceInForce } from './acceptance-in-force.js';
import { toAccuracyView, type AccuracyView } from './accuracy-view.js';
import { accuracyViewSchema } from './answers.js';
import { OwnCallerCount } from './own-caller-count.entity.js';

const example: AccuracyView = {
  modelId: 'timbre-sv-8k-v1',
  meanVoiceVersion: null,
  ownCallers: 'measured',
  text: 'measured on your callers',
  since: '2026-03-01T10:02:11.000Z',
  callers: 212,
  neededCallers: 30,
  pairs: 14_350,
  neededPairs: 3000,
  acceptedCalls: 241,
  operatingPoints: [
    {
      operatingPoint: 'standard',
      inUse: true,
      acceptLlr: 5.25,
      statedFalseAcceptRate: 0.003,
      falseAcceptRate: { share: 0.0029, low: 0.0014, high: 0.0053 },
    },
  ],
};

@ApiTags('models')
@ApiBearerAuth()
@Controller('v1/accuracy')
export class AccuracyController {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
  ) {}

  @Get()
  @Roles('admin', 'fraud', 'privacy')
  @ApiOperation({
    summary: 'How often strangers are accepted, measured on your own callers',
    description:
      'At the end of a consented call its voice is held against up to 50 voiceprints of other customers, where every law that protects ' +
      'them allows it; counts alone are kept. From 30 callers and 3,000 comparisons on, the threshold of each operating point lies where ' +
      'as many strangers are accepted as it states, never below the shipped one. Until then: not yet measured on your callers.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: accuracyViewSchema,
    description: 'Of the current model and the mean voice in force.',
    example,
  })
  async view(@CurrentPrincipal() { tenantId }: Principal): Promise<AccuracyView> {
    const policy = await this.policies.current(tenantId);
    const { id: modelId, sha256: modelSha256 } = this.engine.model;
    return this.database.forTenant(tenantId, async (em) => {
      const own = await ownMeanVoice(em, modelSha256);
      const meanVoiceVersion = own?.meanVoiceVersion ?? null;
      const under = { modelSha256, meanVoiceVersion: meanVoiceVersion ?? 0 };
      const counts = await em.findOneBy(OwnCallerCount, under);
      const bounds = await acceptanceInForce(em, modelSha256, own?.meanVoiceVersion);
      return toAccuracyView({ policy, modelId, meanVoiceVersion, counts, bounds });
    });
  }
}
