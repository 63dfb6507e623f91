import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Principal } from '../../../core/auth/principal.js';
import { CALL_RESULTS, type CallResults } from '../../../core/calls/call-results.port.js';
import type { FlagId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { unknownFlag } from '../flags/flag-problems.js';
import { flagIdSchema } from '../flags/flag-requests.js';
import { fileView, readFlagFile, type FlagFileView } from './flag-file.js';
import { flagFileViewSchema } from './answers.js';

@ApiTags('flags')
@ApiBearerAuth()
@Controller('v1/flags')
export class FlagFileController {
  constructor(
    private readonly database: Database,
    @Inject(CALL_RESULTS) private readonly calls: CallResults,
  ) {}

  @Get(':id')
  @Roles('fraud', 'admin', 'privacy')
  @ApiOperation({
    summary: 'A flag with its evidence and its history',
    description:
      'A reason with "destroyed" has only its fact left: weightNats is null since the customer withdrew consent, or objected, in that call.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: flagFileViewSchema,
    description: 'Reasons with evidence, account events, the call, every change.',
  })
  @ApiResponse({ status: 404, description: 'No such flag.' })
  async file(
    @Param({ schema: flagIdSchema }) { id }: { id: FlagId },
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FlagFileView> {
    const file = await this.database.forTenant(tenantId, (em) => readFlagFile(em, tenantId, id));
    if (file === undefined) throw unknownFlag();
    response.setHeader('ETag', `"${file.flag.version}"`);
    return fileView(file, await this.calls.latest(tenantId, file.flag.callId));
  }
}
