import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { recordFact } from '../../installation/facts/record-fact.js';
import { exampleEntry } from '../../installation/facts/audit-page.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { ledgers } from '../../installation/facts/ledger.js';
import { exportLines } from './export-lines.js';

const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
  .transform((text) => new Date(text))
  .optional();
const exportQuery = z.strictObject({ from: time, to: time, ledger: z.enum(ledgers).default('audit') });

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class LedgerExportController {
  constructor(
    private readonly database: Database,
    private readonly writer: AuditWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('export')
  @Roles('privacy')
  @ApiOperation({
    summary: 'The audit log, or the consent ledger, as JSON Lines',
    description:
      'Who used, made or destroyed a voiceprint, what was decided in a call, and who changed policy, tokens, credentials, consents, notices and ' +
      'watchlists: ids and times, never a biometric, number or secret. Each line can be verified (docs/privacy-ledger.md). That it was exported is an entry too.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiQuery({
    name: 'ledger',
    required: false,
    schema: { type: 'string', enum: [...ledgers], default: 'audit' },
  })
  @ApiQuery({ name: 'from', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({
    name: 'to',
    required: false,
    schema: { type: 'string', format: 'date-time' },
    description: 'Up to, not with.',
  })
  @ApiResponse({
    status: 200,
    schema: { type: 'string' },
    description: 'One entry a line, oldest first.',
    example: `${JSON.stringify(exampleEntry)}\n`,
  })
  async export(
    @Query({ schema: exportQuery }) { from, to, ledger }: z.output<typeof exportQuery>,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<StreamableFile> {
    await this.writer.flushed();
    await this.database.forTenant(tenantId, (em) =>
      recordFact(em, tenantId, new Date(this.clock.nowMs()), {
        action: 'audit-exported',
        by: tokenId,
        subject: { kind: 'audit', id: tenantId },
        details: { ledger, from: from?.toISOString() ?? null, to: to?.toISOString() ?? null },
      }),
    );
    const lines = exportLines((work) => this.database.forTenant(tenantId, work), ledger, {
      tenantId,
      from,
      to,
    });
    return new StreamableFile(Readable.from(lines), {
      type: 'application/x-ndjson',
      disposition: `attachment; filename="${ledger}.jsonl"`,
    });
  }
}
