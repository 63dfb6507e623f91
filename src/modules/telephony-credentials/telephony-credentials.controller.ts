import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

import type { Principal } from '../../core/auth/principal.js';
import { ProblemError } from '../../platform/http/problem.js';
import { CurrentPrincipal } from '../auth/current-principal.decorator.js';
import { Roles } from '../auth/roles.decorator.js';
import type { CredentialSummary } from './credential-store.js';
import { TelephonyCredentialsService } from './telephony-credentials.service.js';

type OpenApiSchema = Extract<Parameters<typeof ApiBody>[0], { schema: unknown }>['schema'];

const newCredential = z.strictObject({
  protocol: z.literal('twilio', 'twilio'),
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, 'AC and 32 hexadecimal digits'),
  authToken: z.string('the account’s auth token').min(16, 'at least 16 characters').max(256),
});
const bodySchema = z.toJSONSchema(newCredential, { target: 'openapi-3.0' }) as OpenApiSchema;

const example: CredentialSummary = {
  credentialId: '7c1f0f3e-4c5b-4f0a-9a44-0f3f0f6f3a55',
  protocol: 'twilio',
  accountSid: 'AC0123456789abcdef0123456789abcdef',
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
    summary: 'Let a Twilio account stream calls',
    description:
      'The auth token checks Twilio’s signature on each stream. It is stored sealed and never given back. Give a second one for the same account to rotate it.',
  })
  @ApiBody({
    schema: {
      ...bodySchema,
      example: {
        protocol: 'twilio',
        accountSid: example.accountSid,
        authToken: '0123456789abcdef0123456789abcdef',
      },
    },
  })
  @ApiResponse({ status: 201, description: 'Streams of this account are taken from now on.', example })
  add(
    @Body({ schema: newCredential }) { accountSid, authToken }: z.output<typeof newCredential>,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<CredentialSummary> {
    return this.credentials.add(tenantId, accountSid, authToken);
  }

  @Get()
  @ApiOperation({ summary: 'The credentials in force, oldest first, without their secrets' })
  @ApiResponse({ status: 200, description: 'All of them.', example: { credentials: [example] } })
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
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<void> {
    if (!(await this.credentials.revoke(tenantId, credentialId))) {
      throw new ProblemError(404, 'not-found', 'There is no such credential in force');
    }
  }
}
