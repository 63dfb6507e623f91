import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ConsentImport, type ImportOutcome } from './consent-import.service.js';
import { consentImportsImportAnswer } from './answers.js';

const importBody = z.strictObject({ statements: z.array(z.string().min(1).max(4000)).min(1).max(100) }).meta({
  example: { statements: ['eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.eyJjdXN0b21lciI6IkFDQy0xIn0.c2ln'] },
});

const outcomeExample: ImportOutcome = {
  index: 0,
  kind: 'recorded',
  consentId: '6b0f4c5e-7a51-4c8e-9f5e-2f6f4b0c9a11' as ConsentId,
};

@ApiTags('consents')
@ApiBearerAuth()
@Controller('v1/consents/import')
export class ConsentImportsController {
  constructor(private readonly imports: ConsentImport) {}

  @Post()
  @HttpCode(200)
  @Roles('customer-service', 'privacy')
  @ApiOperation({
    summary: 'Import signed consents',
    description:
      'Up to 100 compact JWS (RFC 7515) of a known signer. Each holds `customer`, `purposes`, `noticeVersion`, `noticeLanguage`, ' +
      '`noticeTextSha256`, `givenAt`, and `validUntil` if it ends; it is checked, recorded with the JWS as its proof, and counts once however often it is sent.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: consentImportsImportAnswer,
    description: 'What became of each: recorded, already-recorded or refused, with why.',
    example: { outcomes: [outcomeExample] },
  })
  async import(
    @Body({ schema: importBody }) { statements }: z.output<typeof importBody>,
    @CurrentPrincipal() by: Principal,
  ): Promise<{ outcomes: ImportOutcome[] }> {
    return { outcomes: await this.imports.import(by, statements) };
  }
}
