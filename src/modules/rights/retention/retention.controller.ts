import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { RetentionPreview, type Preview, type PreviewRow } from './retention-preview.js';
import { RetentionRuns, type Run } from './retention-runs.js';
import { previewSchema, retentionRunsAnswer } from './answers.js';

const previewQuery = z.strictObject({
  days: z.coerce.number('a number').int().min(0).max(3650).prefault(30),
  listed: z.coerce.number('a number').int().min(0).max(1000).prefault(100),
});
const runsQuery = z.strictObject({ limit: z.coerce.number('a number').int().min(1).max(500).prefault(50) });

const exampleRow: PreviewRow = {
  kind: 'voiceprint',
  id: '8d1c2f3a-5b64-4d7e-8f90-a1b2c3d4e5f6',
  customerId: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as CustomerId,
  dueAt: '2026-03-20T09:30:00.000Z',
  reason: 'law-limit',
  decidedBy: { packId: 'bipa', rule: 'retention', article: '740 ILCS 14/15(a)' },
  held: false,
};
const examplePreview: Preview = {
  asOf: '2026-03-01T09:30:00.000Z',
  until: '2026-03-31T09:30:00.000Z',
  counts: { voiceprint: { due: 1, held: 0 } },
  countedAtMost: 10_000,
  rows: [exampleRow],
};
const exampleRun: Run = {
  runId: '5f0c8a56-90b4-4b8e-8f15-6a0a5f0e7d21',
  startedAt: '2026-03-01T09:30:00.000Z',
  finishedAt: '2026-03-01T09:30:01.000Z',
  deleted: { voiceprint: 3, call: 12 },
  held: 1,
  late: 0,
  clockSetBackMs: 0,
};

@ApiTags('retention')
@ApiBearerAuth()
@Roles('privacy', 'admin')
@Controller('v1/retention')
export class RetentionController {
  constructor(
    private readonly previews: RetentionPreview,
    private readonly history: RetentionRuns,
  ) {}

  @Get('preview')
  @ApiOperation({
    summary: 'What would go in the next days, and why',
    description:
      'As things stand now: a call or a new consent may give a row a later date. What a legal hold keeps is counted apart. 0 days: what is due already.',
  })
  @ApiQuery({
    name: 'days',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: 3650, default: 30 },
  })
  @ApiQuery({
    name: 'listed',
    required: false,
    schema: { type: 'integer', minimum: 0, maximum: 1000, default: 100 },
    description: 'How many rows of each kind are listed; all are counted.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: previewSchema,
    description: 'Counts of each kind, and rows, earliest first.',
    example: examplePreview,
  })
  preview(
    @Query({ schema: previewQuery }) { days, listed }: z.output<typeof previewQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<Preview> {
    return this.previews.preview(tenantId, days, listed);
  }

  @Get('runs')
  @ApiOperation({
    summary: 'What the sweeper has done',
    description:
      'Every sweep that did something, and the newest that did not. Each is in the audit log, too.',
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 500, default: 50 },
  })
  @ApiResponse({
    status: 200,
    standardSchema: retentionRunsAnswer,
    description: 'Newest first. `late`: no process has finished a sweep within two intervals.',
    example: { late: false, runs: [exampleRun] },
  })
  async runs(
    @Query({ schema: runsQuery }) { limit }: z.output<typeof runsQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ late: boolean; runs: readonly Run[] }> {
    return { late: await this.history.isLate(tenantId), runs: await this.history.list(tenantId, limit) };
  }
}
