import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import type { ConsentSigner } from './consent-signer.js';
import { ConsentSignersService } from './consent-signers.service.js';
import { publicJwk } from './public-jwk.js';
import { consentSignerSchema, consentSignersListAnswer } from './answers.js';

const signerBody = z.strictObject({ name: z.string().trim().min(1).max(100), publicJwk }).meta({
  example: {
    name: 'E-signing of the branches',
    publicJwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
  },
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

@ApiTags('consents')
@ApiBearerAuth()
@Controller('v1/consent-signers')
export class ConsentSignersController {
  constructor(private readonly signers: ConsentSignersService) {}

  @Get()
  @Roles('admin', 'privacy')
  @ApiOperation({ summary: 'Whose signatures on consents are taken' })
  @ApiResponse({
    status: 200,
    standardSchema: consentSignersListAnswer,
    description: 'Oldest first.',
    example: { signers: [signerExample] },
  })
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<{ signers: ConsentSigner[] }> {
    return { signers: await this.signers.list(tenantId) };
  }

  @Post()
  @Roles('admin', 'privacy')
  @ApiOperation({
    summary: 'Take the signatures of another system',
    description:
      'Its public key as a JWK: Ed25519, P-256 or RSA of 2048 bits or more. Its thumbprint (RFC 7638) is what signatures name in `kid`.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: consentSignerSchema,
    description: 'Taken from now on.',
    example: signerExample,
  })
  @ApiResponse({ status: 409, description: 'signer-exists' })
  add(
    @Body({ schema: signerBody }) body: z.output<typeof signerBody>,
    @CurrentPrincipal() by: Principal,
  ): Promise<ConsentSigner> {
    return this.signers.add(by, body.name, body.publicJwk);
  }

  @Delete(':signerId')
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
}
