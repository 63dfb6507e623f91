import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Principal } from '../../core/auth/principal.js';
import type { Clock } from '../../core/clock.js';
import { CLOCK } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.service.js';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { Roles } from '../auth/roles.decorator.js';
import { recordAudit } from './audit-log.js';
import { AuditWriter } from './audit-writer.js';
import { exportLines } from './export-lines.js';

const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
  .transform((text) => new Date(text))
  .optional();
const exportQuery = z.strictObject({ from: time, to: time });

const exampleLine = {
  hash: '5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456',
  previousHash: '0000000000000000000000000000000000000000000000000000000000000000',
  record: {
    action: 'policy-changed',
    at: '2026-03-01T09:30:00.000Z',
    by: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11',
    callId: null,
    details: { version: 4 },
    ledger: 'audit',
    seq: 1,
    subject: { id: '4', kind: 'policy' },
    tenantId: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55',
    v: 1,
  },
};

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    private readonly writer: AuditWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('export')
  @Roles('privacy')
  @ApiOperation({
    summary: 'The audit log as JSON Lines',
    description:
      'Who used, made or destroyed a voiceprint, what was decided in a call, and who changed policy, tokens, credentials, consents, notices and ' +
      'watchlists: ids and times, never a biometric, number or secret. Each line can be verified (docs/privacy-ledger.md). That it was exported is an entry too.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiQuery({ name: 'from', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({
    name: 'to',
    required: false,
    schema: { type: 'string', format: 'date-time' },
    description: 'Up to, not with.',
  })
  @ApiResponse({ status: 200, description: 'One entry a line, oldest first.', example: exampleLine })
  async export(
    @Query({ schema: exportQuery }) { from, to }: z.output<typeof exportQuery>,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<StreamableFile> {
    await this.writer.flushed();
    await this.database.forTenant(tenantId, (em) =>
      recordAudit(em, tenantId, new Date(this.clock.nowMs()), {
        ...{ action: 'audit-exported', by: tokenId, subject: { kind: 'audit', id: tenantId } },
        details: { from: from?.toISOString() ?? null, to: to?.toISOString() ?? null },
      }),
    );
    const lines = exportLines((work) => this.database.forTenant(tenantId, work), 'audit', {
      tenantId,
      from,
      to,
    });
    return new StreamableFile(Readable.from(lines), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="audit.jsonl"',
    });
  }
}
