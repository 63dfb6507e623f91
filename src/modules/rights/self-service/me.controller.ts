import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { purposes, type Purpose } from '../../../core/privacy/consent.js';
import type { SignedReceipt } from '../../../core/privacy/erasure-receipt.js';
import { Public } from '../../../platform/http/public.decorator.js';
import { languageTag } from '../../people/consents/consent-body.js';
import type { ConsentView } from '../../people/consents/consent-view.js';
import type { Withdrawal } from '../../people/withdrawals/withdrawals.service.js';
import type { SignalOutcome } from '../requests/opt-out-signal.service.js';
import { MyDataService } from './my-data.service.js';
import { MyRightsService } from './my-rights.service.js';
import type { MyState } from './my-state.js';
import type { Visit } from './self-service-session.entity.js';
import { clearCookie } from './session-cookie.js';
import { CurrentSession, NeedsScope, SessionGuard } from './session.guard.js';
import { meEraseAnswer, meStateAnswer } from './answers.js';
import { consentViewSchema } from '../../people/consents/answers.js';
import { withdrawalSchema } from '../../people/withdrawals/answers.js';

const consentBody = z
  .strictObject({
    purposes: z
      .array(z.enum(purposes))
      .min(1)
      .max(purposes.length)
      .refine((given) => new Set(given).size === given.length, 'each purpose once'),
    noticeVersion: z.string().min(1).max(100),
    noticeLanguage: languageTag,
  })
  .meta({
    example: {
      purposes: ['verification', 'enrolment'] as Purpose[],
      noticeVersion: 'timbre-voice-check-en-1',
      noticeLanguage: 'en',
    },
  });

/** Said once more in the body: nothing is erased by a request that was sent by mistake. */
const erasureBody = z
  .strictObject({ erase: z.literal('everything') })
  .meta({ example: { erase: 'everything' } });

/** The customer page's own requests. No route takes a customer's id: the visit is for one person, and for that person only. */
@Public()
@UseGuards(SessionGuard)
@ApiTags('self-service')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly mine: MyDataService,
    private readonly rights: MyRightsService,
  ) {}

  @Get()
  @NeedsScope('view')
  @ApiOperation({
    summary: 'What is held of the visitor, until when and why, and what they have agreed to',
    description:
      '`Sec-GPC: 1` is honoured where a law of the visitor’s residence asks for it (`optOutSignal`).',
  })
  @ApiResponse({
    status: 200,
    standardSchema: meStateAnswer,
    description: 'As things stand now; never the voiceprint itself.',
  })
  @ApiResponse({ status: 401, description: 'session-over' })
  async state(
    @CurrentSession() visit: Visit,
    @Req() request: Request,
  ): Promise<MyState & { readonly optOutSignal: SignalOutcome }> {
    const optOutSignal = await this.rights.hearSignal(visit, request.headers['sec-gpc']);
    return { ...(await this.mine.state(visit)), optOutSignal };
  }

  @Post('consents')
  @NeedsScope('consent')
  @ApiOperation({ summary: 'Agree to purposes, under a notice that is published' })
  @ApiResponse({
    status: 201,
    standardSchema: consentViewSchema,
    description: 'Recorded with method web-form.',
  })
  @ApiResponse({ status: 409, description: 'notice-not-found or notice-superseded. Nothing was recorded.' })
  consent(
    @CurrentSession() session: Visit,
    @Body({ schema: consentBody }) body: z.output<typeof consentBody>,
  ): Promise<ConsentView> {
    return this.mine.giveConsent(session, body);
  }

  @Delete('consents/:purpose')
  @HttpCode(200)
  @NeedsScope('consent')
  @ApiParam({ name: 'purpose', enum: purposes })
  @ApiOperation({
    summary: 'Withdraw consent to one purpose',
    description:
      'As DELETE /v1/customers/{id}/consents/{id} does; live calls stop being processed within a second.',
  })
  @ApiResponse({ status: 200, standardSchema: withdrawalSchema, description: 'Withdrawn, now or before.' })
  @ApiResponse({ status: 404, description: 'consent-not-found: never given, nothing recorded.' })
  withdraw(
    @CurrentSession() session: Visit,
    @Param('purpose', { schema: z.enum(purposes) }) purpose: Purpose,
  ): Promise<Withdrawal> {
    return this.mine.withdraw(session, purpose);
  }

  @Delete('enrolment')
  @HttpCode(204)
  @NeedsScope('enrol')
  @ApiOperation({
    summary: 'Begin an unfinished enrolment from scratch',
    description: 'What was gathered towards it is destroyed; a voiceprint stays.',
  })
  @ApiResponse({ status: 204, description: 'Nothing waits any more, or did before.' })
  forgetPending(@CurrentSession() visit: Visit): Promise<void> {
    return this.mine.forgetPending(visit);
  }

  @Post('erasure')
  @HttpCode(200)
  @NeedsScope('requests')
  @ApiOperation({
    summary: 'Erase everything that is held of the visitor',
    description:
      'Keys, rows, and what live calls hold; the visit ends with it. It cannot be undone. The answer is the signed receipt.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: meEraseAnswer,
    description: 'The receipt; it is not shown again here.',
  })
  async erase(
    @CurrentSession() visit: Visit,
    @Body({ schema: erasureBody }) _sure: z.output<typeof erasureBody>,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedReceipt> {
    const receipt = await this.mine.erase(visit);
    response.setHeader('Set-Cookie', clearCookie);
    return receipt;
  }
}
