import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../core/auth/principal.js';
import { packIds, type LegalPack } from '../../core/privacy/packs/pack.js';
import { packs } from '../../core/privacy/packs/registry.js';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { Roles } from '../auth/roles.decorator.js';
import { PoliciesService } from './policies.service.js';

interface PackView extends LegalPack {
  /** Switched on: it protects those whose residence it covers, and those whose residence is not known. */
  readonly enabled: boolean;
  /** Protects every customer, wherever they live. */
  readonly everywhere: boolean;
}

@ApiTags('privacy')
@ApiBearerAuth()
@Roles('privacy', 'admin')
@Controller('v1/privacy/packs')
export class LegalPacksController {
  constructor(private readonly policies: PoliciesService) {}

  @Get()
  @ApiOperation({
    summary: 'The laws that Timbre knows, rule by rule with their articles, and which are switched on',
    description:
      'Switches stand in the policy, under `privacy`. Not legal advice: counsel checks the articles.',
  })
  @ApiResponse({
    status: 200,
    description: 'Each with its version: the day on which its rules were last compared with the law.',
    example: {
      policyVersion: 0,
      packs: [{ packId: 'bipa', version: packs.bipa.version, enabled: true, everywhere: false }],
    },
  })
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ policyVersion: number; packs: readonly PackView[] }> {
    const { privacy, version } = await this.policies.current(tenantId);
    return {
      policyVersion: version,
      packs: packIds.map((packId) => ({
        ...packs[packId],
        enabled: privacy.packs.includes(packId),
        everywhere: privacy.everywhere.includes(packId),
      })),
    };
  }
}
