import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ModelsService, type ModelsView } from './models.service.js';
import { modelsViewSchema } from './answers.js';

const example: ModelsView = {
  models: [
    {
      modelId: 'timbre-sv-8k-v2',
      sha256: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
      role: 'current',
      activeVoiceprints: 18_204,
      destroyedFrom: null,
    },
    {
      modelId: 'timbre-sv-8k-v1',
      sha256: 'c8af0b5c189410c18a77bfb3f503eaca4736b7d0595af2330220f9d03acd56de',
      role: 'previous',
      activeVoiceprints: 6_310,
      destroyedFrom: null,
    },
  ],
  migration: {
    to: 'timbre-sv-8k-v2',
    migrated: 17_950,
    underWay: 412,
    remaining: 6_310,
    perDay: [{ day: '2026-03-01', migrated: 640 }],
    daysLeftAtThisRate: 10,
  },
};

@ApiTags('models')
@ApiBearerAuth()
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Get()
  @Roles('admin', 'privacy')
  @ApiOperation({
    summary: 'Speaker models and the migration to the current one',
    description:
      'A customer whose voiceprint is of a previous model is verified with it, and gets one of the current model from accepted calls. ' +
      'Voiceprints of a retired model are expired; they are destroyed from the day shown on.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: modelsViewSchema,
    description: 'Of your own customers.',
    example,
  })
  view(@CurrentPrincipal() { tenantId }: Principal): Promise<ModelsView> {
    return this.models.view(tenantId);
  }
}
