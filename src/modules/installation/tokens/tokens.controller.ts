import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { roles, type Principal } from '../../../core/auth/principal.js';
import type { Clock } from '../../../core/clock.js';
import type { TokenId } from '../../../core/ids.js';
import { CLOCK } from '../../../platform/clock.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { TokensService, type TokenDescription } from './tokens.service.js';
import { tokensCreateAnswer, tokensListAnswer } from './answers.js';

const newTokenBody = z
  .strictObject({
    role: z.enum(roles),
    label: z.string().min(1).max(100).describe('What or who the token is for'),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe('Without it the token ends when revoked'),
  })
  .meta({ example: { role: 'agent', label: 'Agent desktop, Leeds' } });

@ApiTags('tokens')
@ApiBearerAuth()
@Roles('admin')
@Controller('v1/tokens')
export class TokensController {
  constructor(
    private readonly tokens: TokensService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Makes an API token; the answer is the only place where it can be read' })
  @ApiResponse({ status: 201, standardSchema: tokensCreateAnswer })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: newTokenBody }) body: z.infer<typeof newTokenBody>,
  ): Promise<TokenDescription & { token: string }> {
    const expiresAt = body.expiresAt === undefined ? undefined : new Date(body.expiresAt);
    if (expiresAt !== undefined && expiresAt.getTime() <= this.clock.nowMs()) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'expiresAt', expected: 'a time to come' }],
      });
    }
    const { role, label } = body;
    return this.tokens.create(principal.tenantId, { role, label, expiresAt }, principal.tokenId);
  }

  @Get()
  @ApiOperation({ summary: 'All tokens of the tenant, without the tokens themselves' })
  @ApiResponse({ status: 200, standardSchema: tokensListAnswer })
  async list(@CurrentPrincipal() principal: Principal): Promise<{ tokens: TokenDescription[] }> {
    return { tokens: await this.tokens.list(principal.tenantId) };
  }

  @Delete(':tokenId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a token, on every process at once' })
  async revoke(
    @CurrentPrincipal() principal: Principal,
    @Param('tokenId', { schema: z.uuid() }) id: string,
  ): Promise<void> {
    if (!(await this.tokens.revoke(principal.tenantId, id as TokenId, principal.tokenId))) {
      throw new ProblemError(404, 'not-found', 'There is no such token');
    }
  }
}
