import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

import type { Principal } from '../../../core/auth/principal.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { newCredential, type CredentialSummary, type NewCredential } from './credential.js';
import { TelephonyCredentialsService } from './telephony-credentials.service.js';
import { credentialSummarySchema, telephonyCredentialsListAnswer } from './answers.js';

const example: CredentialSummary = {
  credentialId: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55',
  protocol: 'audiohook',
  apiKey: 'genesys-production',
  createdAt: '2026-01-15T09:30:00.000Z',
};

@ApiTags('telephony credentials')
@ApiBearerAuth()
@Roles('admin')
@Controller('v1/telephony-credentials')
export class TelephonyCredentialsController {
  constructor(private readonly credentials: TelephonyCredentialsService) {}

  @Post()
  @ApiOperation({
    summary: 'Let a Twilio account or a Genesys integration stream calls',
    description:
      'The secret checks the platform’s signature on each stream. It is stored sealed and never given back. Give a second one for the same account or API key to rotate it.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: credentialSummarySchema,
    description: 'Its streams are taken from now on.',
    example,
  })
  @ApiResponse({ status: 409, description: 'This AudioHook API key belongs to somebody else.' })
  async add(
    @Body({ schema: newCredential }) credential: NewCredential,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<CredentialSummary> {
    const added = await this.credentials.add(tenantId, credential, tokenId);
    if (added) return added;
    throw new ProblemError(409, 'api-key-taken', 'This API key is in use elsewhere: make up another one');
  }

  @Get()
  @ApiOperation({ summary: 'The credentials in force, oldest first, without their secrets' })
  @ApiResponse({
    status: 200,
    standardSchema: telephonyCredentialsListAnswer,
    description: 'All of them.',
    example: { credentials: [example] },
  })
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ credentials: readonly CredentialSummary[] }> {
    return { credentials: await this.credentials.list(tenantId) };
  }

  @Delete(':credentialId')
  @HttpCode(204)
  @ApiParam({ name: 'credentialId', format: 'uuid' })
  @ApiOperation({
    summary: 'Revoke a credential',
    description: 'Its secret is destroyed. Streams that are open go on; new ones are refused.',
  })
  @ApiResponse({ status: 204, description: 'Revoked.' })
  @ApiResponse({ status: 404, description: 'There is no such credential in force.' })
  async revoke(
    @Param('credentialId', { schema: z.uuid('a UUID') }) credentialId: string,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
  ): Promise<void> {
    if (!(await this.credentials.revoke(tenantId, credentialId, tokenId))) {
      throw new ProblemError(404, 'not-found', 'There is no such credential in force');
    }
  }
}
