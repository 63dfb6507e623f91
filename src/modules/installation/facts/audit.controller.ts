import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { exampleEntry, readAuditPage, type AuditPage } from './audit-page.js';
import { AuditWriter } from './audit-writer.js';
import { auditPageSchema } from './answers.js';

const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
  .transform((text) => new Date(text))
  .optional();
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

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly database: Database,
    private readonly writer: AuditWriter,
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
    standardSchema: auditPageSchema,
    description: '`next` is null on the last page.',
    example: { entries: [{ ...exampleEntry.record, hash: exampleEntry.hash }], next: null },
  })
  async entries(
    @Query({ schema: entriesQuery }) { limit, ...asked }: z.output<typeof entriesQuery>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<AuditPage> {
    await this.writer.flushed();
    return this.database.forTenant(tenantId, (em) => readAuditPage(em, asked, limit));
  }
}
