import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { RequestId } from '../../../core/ids.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { pageInItselfHeaders } from '../../../platform/http/page-in-itself.js';
import { bundlePage } from './bundle-page.js';
import { bundleLanguages, bundleSpeaker } from './bundle-speaker.js';
import { DataBundleService } from './data-bundle.service.js';
import type { DataBundle } from './data-bundle.js';
import { RequestsService } from '../requests/requests.service.js';
import { dataBundleSchema } from './answers.js';

const id = { schema: z.uuid() };

const pageQuery = z.strictObject({ language: z.enum(bundleLanguages).prefault('en') });

/** What answers access and portability. Each time it is taken out stands in the audit log. */
@ApiTags('requests')
@ApiBearerAuth()
@ApiParam({ name: 'requestId', format: 'uuid' })
@Roles('customer-service', 'privacy')
@Controller('v1/requests/:requestId')
export class BundlesController {
  constructor(
    private readonly requests: RequestsService,
    private readonly bundles: DataBundleService,
  ) {}

  @Get('bundle')
  @ApiOperation({
    summary: 'All that may be handed to the person, as JSON',
    description:
      'What is held, why and until when; consents with their words; calls with results and reasons; flags; recipients. Never a voiceprint, ' +
      'audio or data of others. Refused until the identity check is passed.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: dataBundleSchema,
    description: 'As of now; the format is `timbre-data-bundle` 1.',
  })
  @ApiResponse({ status: 404, description: 'request-not-found, or customer-not-found of an erased person.' })
  @ApiResponse({ status: 409, description: 'identity-not-checked, nothing-to-release or already-answered.' })
  async bundle(
    @Param('requestId', id) requestId: RequestId,
    @CurrentPrincipal() by: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DataBundle> {
    response.attachment(`timbre-data-${requestId}.json`);
    response.type('application/json');
    return this.released(by, requestId);
  }

  @Get('bundle.html')
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The same as a page to read, print or send' })
  @ApiResponse({
    status: 200,
    schema: { type: 'string' },
    description: 'One page that needs nothing but itself.',
  })
  @ApiQuery({ name: 'language', required: false, enum: bundleLanguages })
  @ApiResponse({ status: 409, description: 'As above.' })
  async page(
    @Param('requestId', id) requestId: RequestId,
    @Query({ schema: pageQuery }) { language }: z.output<typeof pageQuery>,
    @CurrentPrincipal() by: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const bundle = await this.released(by, requestId);
    response.set(pageInItselfHeaders).send(bundlePage(bundle, bundleSpeaker(language)));
  }

  private async released(by: Principal, requestId: RequestId): Promise<DataBundle> {
    // Recorded first: what was handed out without a trace would be worse than a trace of what was not.
    const customerId = await this.requests.release(by, requestId);
    return this.bundles.bundle(by.tenantId, customerId);
  }
}
