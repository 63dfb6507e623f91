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
import { recordFact } from './record-fact.js';
import { readAuditPage, type AuditPage } from './audit-page.js';
import { AuditWriter } from './audit-writer.js';
import { exportLines } from '../../rights/ledgers/export-lines.js';
import { ledgers } from './ledger.js';

const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
  .transform((text) => new Date(text))
  .optional();
const exportQuery = z.strictObject({ from: time, to: time, ledger: z.enum(ledgers).default('audit') });
const entriesQuery = z.strictObject({
  subjectId: z.string().min(1).max(100).optional(),
  callId: z.uuid().optional(),
  action: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/, 'an action such as policy-changed')
    .max(60)
    .optional(),
  from: time,
  to: time,
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

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

  @Get('entries')
  @Roles('privacy')
  @ApiOperation({
    summary: 'The audit log, newest first',
    description:
      'All of it, or what was done to one subject (`subjectId`: a customer, a token, a watchlist, …), in one call, of one kind, or in a time. The next page is `before=next`.',
  })
  @ApiQuery({ name: 'subjectId', required: false, type: String })
  @ApiQuery({ name: 'callId', required: false, format: 'uuid' })
  @ApiQuery({ name: 'action', required: false, type: String, example: 'policy-changed' })
  @ApiQuery({ name: 'from', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'to', required: false, schema: { type: 'string', format: 'date-time' } })
  @ApiQuery({ name: 'before', required: false, schema: { type: 'integer', minimum: 1 } })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  })
  @ApiResponse({
    status: 200,
    description: '`next` is null on the last page.',
    example: { entries: [{ ...exampleLine.record, hash: exampleLine.hash }], next: null },
  })
  async entries(
    @Query({ schema: entriesQuery }) { limit, ...asked }: z.output<typeof entriesQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<AuditPage> {
    await this.writer.flushed();
    return this.database.forTenant(tenantId, (em) => readAuditPage(em, asked, limit));
  }

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
  @ApiResponse({ status: 200, description: 'One entry a line, oldest first.', example: exampleLine })
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
