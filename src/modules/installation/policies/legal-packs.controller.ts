import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Clock } from '../../../core/clock.js';
import type { Principal } from '../../../core/auth/principal.js';
import { packIds, type LegalPack, type PackId } from '../../../core/privacy/packs/pack.js';
import { packs, packsFor } from '../../../core/privacy/packs/registry.js';
import { breachClock } from '../../../core/privacy/packs/requests.js';
import { residenceSchema } from '../../../core/privacy/residence.js';
import { CLOCK } from '../../../platform/clock.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { PoliciesService } from './policies.service.js';
import { legalPacksBreachAnswer, legalPacksListAnswer } from './answers.js';

interface PackView extends LegalPack {
  /** Switched on: it protects those whose residence it covers, and those whose residence is not known. */
  readonly enabled: boolean;
  /** Protects every customer, wherever they live. */
  readonly everywhere: boolean;
}

const breachQuery = z.strictObject({
  /** When somebody first knew of it. */
  knownAt: z.iso.datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' }),
  /** Left out: under every law that is switched on. */
  residence: residenceSchema.optional(),
});

interface ToldBy {
  readonly packId: PackId;
  readonly article: string;
  /** Null: the pack names no authority to tell. */
  readonly tellAuthorityBy: string | null;
  /** Null: without undue delay, no date. */
  readonly tellPersonsBy: string | null;
  readonly note: string | null;
}

@ApiTags('privacy')
@ApiBearerAuth()
@Roles('privacy', 'admin')
@Controller('v1/privacy/packs')
export class LegalPacksController {
  constructor(
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The laws that Timbre knows, rule by rule with their articles, and which are switched on',
    description:
      'Switches stand in the policy, under `privacy`. Not legal advice: counsel checks the articles.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: legalPacksListAnswer,
    description: 'Each with its version: the day on which its rules were last compared with the law.',
    example: {
      policyVersion: 0,
      packs: [{ ...packs.bipa, enabled: true, everywhere: false }],
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

  @Get('breach-clock')
  @ApiOperation({
    summary: 'Whom a breach of personal data must be told to, and by when',
    description:
      'By every law that protects the persons, or that is switched on. Timbre tells nobody by itself.',
  })
  @ApiQuery({ name: 'residence', required: false, description: 'Of the persons concerned, such as US-CO.' })
  @ApiResponse({
    status: 200,
    standardSchema: legalPacksBreachAnswer,
    description: 'A date per law, with its article.',
  })
  @ApiResponse({ status: 400, description: 'bad-input: no time, or one in the future; no such place.' })
  async breach(
    @Query({ schema: breachQuery }) { knownAt, residence }: z.output<typeof breachQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ knownAt: string; laws: readonly ToldBy[] }> {
    const knownMs = Date.parse(knownAt);
    if (knownMs > this.clock.nowMs()) {
      const errors = [{ field: 'knownAt', expected: 'a time that is not in the future' }];
      throw new ProblemError(400, 'bad-input', 'The input is not valid', { errors });
    }
    const { privacy } = await this.policies.current(tenantId);
    const laws =
      residence === undefined
        ? packIds.filter((packId) => privacy.packs.includes(packId)).map((packId) => packs[packId])
        : packsFor(residence, privacy.packs, privacy.everywhere);
    return { knownAt: new Date(knownMs).toISOString(), laws: laws.flatMap((law) => toldBy(law, knownMs)) };
  }
}

function toldBy(law: LegalPack, knownMs: number): ToldBy[] {
  const { breach } = law.rules;
  if (breach === null) return [];
  const { tellAuthorityBy, tellPersonsBy } = breachClock([law], knownMs);
  const at = (ms: number | undefined): string | null =>
    ms === undefined ? null : new Date(ms).toISOString();
  return [
    {
      packId: law.packId,
      article: breach.article,
      tellAuthorityBy: at(tellAuthorityBy?.value),
      tellPersonsBy: at(tellPersonsBy?.value),
      note: breach.note ?? null,
    },
  ];
}
