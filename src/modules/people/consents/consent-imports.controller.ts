import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { ConsentId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ConsentImport, type ImportOutcome } from './consent-import.service.js';
import type { ConsentSigner } from './consent-signer.js';
import { ConsentSignersService } from './consent-signers.service.js';
import { publicJwk } from './public-jwk.js';

const signerBody = z.strictObject({ name: z.string().trim().min(1).max(100), publicJwk }).meta({
  example: {
    name: 'E-signing of the branches',
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  },
});
const importBody = z.strictObject({ statements: z.array(z.string().min(1).max(4000)).min(1).max(100) }).meta({
  example: { statements: ['eyJhbGciOiJFZERTQSIsImtpZCI6Ii4uLiJ9.eyJjdXN0b21lciI6IkFDQy0xIn0.c2ln'] },
});

const signerExample: ConsentSigner = {
  signerId: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  name: 'E-signing of the branches',
  algorithm: 'EdDSA',
  publicJwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  addedAt: new Date('2026-03-01T09:30:00.000Z'),
  addedBy: null,
  revokedAt: null,
};
const outcomeExample: ImportOutcome = {
  index: 0,
  kind: 'recorded',
  consentId: '6b0f4c5e-7a51-4c8e-9f5e-2f6f4b0c9a11' as ConsentId,
};

@ApiTags('consents')
@ApiBearerAuth()
@Controller('v1')
export class ConsentImportsController {
  constructor(
    private readonly signers: ConsentSignersService,
    private readonly imports: ConsentImport,
  ) {}

  @Get('consent-signers')
  @Roles('admin', 'privacy')
  @ApiOperation({ summary: 'Whose signatures on consents are taken' })
  @ApiResponse({ status: 200, description: 'Oldest first.', example: { signers: [signerExample] } })
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<{ signers: ConsentSigner[] }> {
    return { signers: await this.signers.list(tenantId) };
  }

  @Post('consent-signers')
  @Roles('admin', 'privacy')
  @ApiOperation({
    summary: 'Take the signatures of another system',
    description:
      'Its public key as a JWK: Ed25519, P-256 or RSA of 2048 bits or more. Its thumbprint (RFC 7638) is what signatures name in `kid`.',
  })
  @ApiResponse({ status: 201, description: 'Taken from now on.', example: signerExample })
  @ApiResponse({ status: 409, description: 'signer-exists' })
  add(
    @Body({ schema: signerBody }) body: z.output<typeof signerBody>,
    @CurrentPrincipal() by: Principal,
  ): Promise<ConsentSigner> {
    return this.signers.add(by, body.name, body.publicJwk);
  }

  @Delete('consent-signers/:signerId')
  @HttpCode(204)
  @Roles('admin', 'privacy')
  @ApiParam({ name: 'signerId' })
  @ApiOperation({ summary: 'Take no more of its signatures; what it signed before stands' })
  @ApiResponse({ status: 204, description: 'Revoked.' })
  @ApiResponse({ status: 404, description: 'signer-not-found' })
  async revoke(
    @Param('signerId', { schema: z.string().min(1).max(100) }) signerId: string,
    @CurrentPrincipal() by: Principal,
  ): Promise<void> {
    if (!(await this.signers.revoke(by, signerId)))
      throw new ProblemError(404, 'signer-not-found', 'There is no such signer, or it is revoked already');
  }

  @Post('consents/import')
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
