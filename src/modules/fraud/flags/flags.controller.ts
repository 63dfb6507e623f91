import { Body, Controller, Get, Headers, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Principal } from '../../../core/auth/principal.js';
import type { FlagId } from '../../../core/ids.js';
import { encodeCursor } from '../../../platform/http/cursor.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { flagExamples } from './flag-examples.js';
import { accountRefsRefused, answerProblem, seenVersion } from './flag-problems.js';
import { FlagQueue, type FlagPage } from './flag-queue.service.js';
import { flagIdSchema, flagReviewSchema, type FlagReviewBody } from './flag-requests.js';
import { FlagReviews } from './flag-reviews.service.js';
import { cursorWords, flagSearchSchema, type FlagSearchQuery } from './flag-search-requests.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';
import { flagSummarySchema, flagsPageAnswer } from './answers.js';

type FlagPageBody = Omit<FlagPage, 'next'> & { readonly nextCursor: string | null };

@ApiTags('flags')
@ApiBearerAuth()
@Controller('v1/flags')
export class FlagsController {
  constructor(
    private readonly queue: FlagQueue,
    private readonly reviews: FlagReviews,
  ) {}

  @Get()
  @Roles('fraud', 'admin', 'privacy')
  @ApiOperation({
    summary: 'Flags, searched, page by page',
    description:
      'flagId, callId, customerId, accountRef, numberHash, reason, severity, state, assignee and policyVersion may each be given several times: ' +
      'a flag has one of the values of each. assigned=true|false, from and to (raised), changedFrom and changedTo narrow further. ' +
      'sort: newest, oldest, changed (last changed first) or gravest (of equal severity whoever waits longest first). ' +
      'Go on with cursor = nextCursor, the same sort and filters, until it is null. counts=true counts what is found, by severity and by state, each as if ' +
      'its own field were not filtered. accountRefs=true adds whose account it is: for the role fraud, and each look is in the audit log.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: flagsPageAnswer,
    description: 'One page of flags.',
    example: flagExamples.page,
  })
  @ApiResponse({
    status: 403,
    description: 'Of the roles fraud, admin and privacy accountRefs is for fraud.',
  })
  async page(
    @Query({ schema: flagSearchSchema }) query: FlagSearchQuery,
    @CurrentPrincipal() principal: Principal,
  ): Promise<FlagPageBody> {
    const { cursor, sort, limit, counts, accountRefs, ...filters } = query;
    if (accountRefs && principal.role !== 'fraud') throw accountRefsRefused();
    const asked = { order: sort, limit, after: cursor, counts, accountRefs };
    const { next, ...page } = await this.queue.page(principal, filters, asked);
    return { ...page, nextCursor: next === null ? null : encodeCursor(cursorWords(next)) };
  }

  @Patch(':id')
  @Roles('fraud')
  @ApiOperation({
    summary: 'Review a flag',
    description:
      'open → in-review (with assignee) → confirmed-fraud | false-alarm | inconclusive (with note); in-review or decided → open (with note). ' +
      'A new assignee or a note alone is always possible. An assignee is a name of GET /v1/fraud-staff. Say which version was seen, as version or as If-Match.',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The ETag of the flag as seen, instead of version.',
  })
  @ApiBody({
    schema: {}, // the real one comes from @Body
    examples: {
      takeUp: { summary: 'Take it up', value: flagExamples.takeUp },
      decide: { summary: 'Decide', value: flagExamples.decide },
    },
  })
  @ApiResponse({
    status: 200,
    standardSchema: flagSummarySchema,
    description: 'The flag as it is now.',
    example: flagExamples.reviewed,
  })
  @ApiResponse({
    status: 409,
    description: 'Not possible from its state, or changed since it was seen.',
    example: flagExamples.wrongTransition,
  })
  @ApiResponse({ status: 404, description: 'unknown-flag' })
  @ApiResponse({ status: 412, description: 'If-Match is not its ETag any more.' })
  @ApiResponse({ status: 428, description: 'Neither version nor If-Match given.' })
  async review(
    @Param({ schema: flagIdSchema }) { id }: { id: FlagId },
    @Body({ schema: flagReviewSchema }) { version, ...review }: FlagReviewBody,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FlagSummary> {
    const seen = seenVersion(version, ifMatch);
    const answer = await this.reviews.review(principal, id, seen.version, review);
    if (answer.kind !== 'done') throw answerProblem(answer, seen.saidBy);
    response.setHeader('ETag', `"${answer.flag.version}"`);
    return summaryOf(answer.flag);
  }
}
