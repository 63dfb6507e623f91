import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../core/auth/principal.js';
import type { TokenId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { ConsentNoticesService } from './consent-notices.service.js';
import { noticeBody, noticeExample, type NewNotice } from './notice-body.js';
import type { Notice } from './notice.js';
import { consentNoticesListAnswer, noticeViewSchema } from './answers.js';

interface NoticeView {
  readonly version: string;
  readonly language: string;
  readonly text: string;
  readonly purposes: readonly Purpose[] | null;
  readonly asksAgain: boolean;
  readonly effectiveFrom: string;
  readonly createdAt: string;
  readonly createdBy: TokenId | null;
}

const example: NoticeView = {
  ...noticeExample,
  effectiveFrom: '2026-06-01T00:00:00.000Z',
  createdAt: '2026-05-20T09:30:00.000Z',
  createdBy: '0d3f4b5c-7a51-4c8e-9f5e-2f6f4b0c9a11' as TokenId,
};

@ApiTags('consents')
@ApiBearerAuth()
@Controller('v1/consent-notices')
export class ConsentNoticesController {
  constructor(private readonly notices: ConsentNoticesService) {}

  @Get()
  @Roles('privacy', 'admin', 'customer-service', 'agent')
  @ApiOperation({
    summary: 'Every notice that consents name, in every version and language',
    description: '`purposes` is null where the words came with a consent and were not published here.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: consentNoticesListAnswer,
    description: 'Oldest first, the shipped one too.',
    example: { notices: [example] },
  })
  async list(@CurrentPrincipal() { tenantId }: Principal): Promise<{ notices: readonly NoticeView[] }> {
    return { notices: (await this.notices.list(tenantId)).map(toView) };
  }

  @Post()
  @Roles('privacy', 'admin')
  @ApiOperation({
    summary: 'Publish a notice: a new version, or a version in a further language',
    description:
      'Never changed afterwards. With `asksAgain`, consents under older versions stop counting for its purposes from `effectiveFrom` on: ' +
      'live calls stop being processed, and their customers are to be asked again. Their voiceprints wait, unused, until their own date.',
  })
  @ApiResponse({ status: 201, standardSchema: noticeViewSchema, description: 'Published.', example })
  @ApiResponse({ status: 409, description: 'notice-exists: words never change within a version.' })
  async add(
    @Body({ schema: noticeBody }) body: NewNotice,
    @CurrentPrincipal() by: Principal,
  ): Promise<NoticeView> {
    return toView(await this.notices.add(by, body));
  }
}

function toView({ effectiveFrom, createdAt, ...notice }: Notice): NoticeView {
  return { ...notice, effectiveFrom: effectiveFrom.toISOString(), createdAt: createdAt.toISOString() };
}
