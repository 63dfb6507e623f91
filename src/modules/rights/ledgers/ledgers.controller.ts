import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { ledgers, readHead, type LedgerName } from '../../installation/facts/ledger.js';
import { verifyLedger } from './verify-ledger.js';
import { ledgerVerificationSchema, ledgersHeadsAnswer } from './answers.js';

interface LedgerHead {
  readonly ledger: LedgerName;
  readonly rows: number;
  /** As timbre-audit head prints it: to be noted where nobody who can write the database can reach it. */
  readonly head: string | null;
}

interface LedgerVerification extends LedgerHead {
  readonly whole: boolean;
  /** One sentence for each row that is not as it was recorded. */
  readonly findings: readonly string[];
  readonly checkedAt: string;
}

const head = `${'5d'.repeat(32)}:1204`;
const exampleHead: LedgerHead = { ledger: 'consents', rows: 1204, head };

@ApiTags('audit')
@ApiBearerAuth()
@Roles('privacy')
@Controller('v1/privacy/ledgers')
export class LedgersController {
  constructor(
    private readonly database: Database,
    private readonly writer: AuditWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The consent ledger and the audit log: how many rows, and the hash of the last' })
  @ApiResponse({
    status: 200,
    standardSchema: ledgersHeadsAnswer,
    description: 'Both.',
    example: { ledgers: [exampleHead] },
  })
  async heads(@CurrentPrincipal() { tenantId }: Principal): Promise<{ ledgers: readonly LedgerHead[] }> {
    await this.writer.flushed();
    return this.database.forTenant(tenantId, async (em) => {
      const found: LedgerHead[] = [];
      for (const ledger of ledgers) {
        const last = await readHead(em, tenantId, ledger);
        const head = last && `${Buffer.from(last.hash).toString('hex')}:${last.count}`;
        found.push({ ledger, rows: last?.count ?? 0, head });
      }
      return { ledgers: found };
    });
  }

  @Post(':ledger/verification')
  @HttpCode(200)
  @ApiParam({ name: 'ledger', enum: [...ledgers] })
  @ApiOperation({
    summary: 'Read a ledger from its first row to its last, and name each that is not as it was recorded',
    description:
      'What `npx timbre-audit verify` does; that one also compares with a head noted before, which alone tells a chain written anew.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: ledgerVerificationSchema,
    description: 'Whole, or what is wrong.',
    example: { ...exampleHead, whole: true, findings: [], checkedAt: '2026-03-01T09:30:00.000Z' },
  })
  async verify(
    @Param('ledger', { schema: z.enum(ledgers) }) ledger: LedgerName,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<LedgerVerification> {
    await this.writer.flushed();
    return this.database.snapshot(tenantId, async (em) => {
      const last = await readHead(em, tenantId, ledger);
      const { rows, findings } = await verifyLedger(em, tenantId, ledger);
      const head = last && `${Buffer.from(last.hash).toString('hex')}:${last.count}`;
      const checkedAt = new Date(this.clock.nowMs()).toISOString();
      return { ledger, rows, head, whole: findings.length === 0, findings, checkedAt };
    });
  }
}
