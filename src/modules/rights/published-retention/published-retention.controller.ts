import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { TenantId } from '../../../core/ids.js';
import { defaultPolicy } from '../../../core/policy/policy.js';
import { publishedRetention, type PublishedRetention } from '../../../core/privacy/published-retention.js';
import { pageInItselfHeaders } from '../../../platform/http/page-in-itself.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { Public } from '../../../platform/http/public.decorator.js';
import { retentionPage } from './retention-page.js';
import { storedCustomers } from '../../people/customers/stored.js';
import { PublishedRetentionService } from './published-retention.service.js';
import { publishedRetentionSchema } from '../../../core/privacy/schemas.js';

const uuid = z.uuid();
const forAMinute = 'public, max-age=60';

/** For everybody, without signing in, as BIPA and the Colorado Privacy Act ask. */
@Public()
@ApiTags('privacy')
@ApiParam({ name: 'tenantId', format: 'uuid' })
@ApiResponse({ status: 404, description: 'not-found: nobody has this address.' })
@Controller()
export class PublishedRetentionController {
  constructor(private readonly published: PublishedRetentionService) {}

  @Get('v1/retention-policies/:tenantId')
  @ApiOperation({
    summary: 'The business’s public policy of retention and destruction, as data',
    description:
      'From the policy in force and the laws that are switched on: classes of data, purpose, period, what ends it earlier, how it is destroyed, whom to ask. No login.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: publishedRetentionSchema,
    description: 'As it is now.',
    example: publishedRetention(
      'My bank',
      0,
      defaultPolicy,
      storedCustomers.flatMap(({ retained = [] }) => retained),
    ),
  })
  async data(
    @Param('tenantId') tenantId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PublishedRetention> {
    const published = await this.of(tenantId);
    response.set('Cache-Control', forAMinute);
    return published;
  }

  @Get('retention-policy/:tenantId')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The same as a page to read' })
  @ApiResponse({
    status: 200,
    schema: { type: 'string' },
    description: 'One page that needs nothing but itself.',
  })
  async page(@Param('tenantId') tenantId: string, @Res() response: Response): Promise<void> {
    const page = retentionPage(await this.of(tenantId));
    response.set(pageInItselfHeaders).set('Cache-Control', forAMinute).send(page);
  }

  /** What is no id is answered as what is nobody's. */
  private async of(tenantId: string): Promise<PublishedRetention> {
    const found = uuid.safeParse(tenantId).success
      ? await this.published.of(tenantId as TenantId)
      : undefined;
    if (found === undefined) throw new ProblemError(404, 'not-found', 'There is nothing here');
    return found;
  }
}
