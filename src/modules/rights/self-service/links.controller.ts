import { Body, Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId, SelfServiceLinkId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { languageTag } from '../../people/consents/consent-body.js';
import { LinksService, type IssuedLink } from './links.service.js';
import { scopes, type Scope } from './scopes.js';
import { linkDocumentSchema } from './answers.js';

const linkBody = z
  .strictObject({
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .max(scopes.length)
      .refine((given) => new Set(given).size === given.length, 'each scope once')
      .optional()
      .describe('What the page may do; without it everything'),
    language: languageTag.optional().describe('What your site speaks with this person'),
    validForSeconds: z.int().min(30).optional(),
  })
  .meta({ example: { scopes: ['view', 'consent', 'enrol'] as Scope[], language: 'en' } });

type LinkDocument = Omit<IssuedLink, 'secret'> & { readonly url: string };

const example: LinkDocument = {
  linkId: 'b1a7c2de-93f4-4c0b-8d0e-5b1f6a2c7d10' as SelfServiceLinkId,
  url: 'https://timbre.example.com/me#link=tml_…',
  scopes: ['view', 'consent', 'enrol'],
  expiresAt: '2026-03-01T09:40:00.000Z',
};

@ApiTags('self-service')
@ApiBearerAuth()
@ApiParam({ name: 'customerId', format: 'uuid' })
@Controller('v1/customers/:customerId/self-service-links')
export class LinksController {
  constructor(
    private readonly links: LinksService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @Roles('customer-service')
  @ApiOperation({
    summary: 'Make a link by which this customer opens their own page',
    description:
      'For the bank’s site, once it has signed the person in: redirect the browser to `url`. It opens the page once, for this customer ' +
      'alone, and ends after TIMBRE_CUSTOMER_LINK_SECONDS (10 minutes) or sooner with `validForSeconds`. Its secret stands behind ' +
      '`#`, which browsers send to no server. Do not log it.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: linkDocumentSchema,
    description: 'The only place where the link can be read.',
    example,
  })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  async issue(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body({ schema: linkBody }) body: z.output<typeof linkBody>,
    @CurrentPrincipal() by: Principal,
    @Req() request: Request,
  ): Promise<LinkDocument> {
    const longest = this.config.selfServiceLinkSeconds;
    const validForSeconds = body.validForSeconds ?? longest;
    if (validForSeconds > longest) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'validForSeconds', expected: `at most ${longest}` }],
      });
    }
    const wanted = { scopes: body.scopes ?? scopes, language: body.language, validForSeconds };
    const { secret, ...issued } = await this.links.issue(by, customerId, wanted);
    const base = this.config.publicUrl ?? `${request.protocol}://${request.headers.host ?? ''}`;
    return { ...issued, url: `${base.replace(/\/$/, '')}/me#link=${secret}` };
  }
}
