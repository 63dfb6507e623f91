import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { csvOf, linesOf } from './flag-csv.js';
import { flagExamples } from './flag-examples.js';
import { FlagQueue } from './flag-queue.service.js';
import { flagExportSchema, type FlagExportQuery } from './flag-search-requests.js';

@ApiTags('flags')
@ApiBearerAuth()
@Controller('v1/flag-export')
export class FlagExportController {
  constructor(private readonly queue: FlagQueue) {}

  @Get()
  @Roles('fraud', 'admin', 'privacy')
  @ApiOperation({
    summary: 'Every flag that a search finds, as CSV or JSON Lines, oldest first',
    description:
      'The filters of GET /v1/flags. It is streamed, however many there are, without account references: customers go by their ids. That it was taken out is in the audit log.',
  })
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiResponse({
    status: 200,
    schema: { type: 'string' },
    description: 'One flag a line.',
    example: `${JSON.stringify(flagExamples.listed)}\n`,
  })
  async export(
    @Query({ schema: flagExportSchema }) { format, ...filters }: FlagExportQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<StreamableFile> {
    const flags = await this.queue.export(principal, filters, format);
    return format === 'csv'
      ? new StreamableFile(csvOf(flags), {
          type: 'text/csv; charset=utf-8; header=present',
          disposition: 'attachment; filename="flags.csv"',
        })
      : new StreamableFile(linesOf(flags), {
          type: 'application/x-ndjson',
          disposition: 'attachment; filename="flags.jsonl"',
        });
  }
}
