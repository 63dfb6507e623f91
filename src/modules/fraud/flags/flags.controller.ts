import { Body, Controller, Get, Headers, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { Principal } from '../../../core/auth/principal.js';
import type { FlagId } from '../../../core/ids.js';
import { encodeCursor } from '../../../platform/http/cursor.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { flagExamples } from './flag-examples.js';
import { answerProblem, seenVersion } from './flag-problems.js';
import { FlagQueue } from './flag-queue.service.js';
import {
  cursorWords,
  flagIdSchema,
  flagReviewSchema,
  flagSearchSchema,
  type FlagReviewBody,
  type FlagSearchQuery,
} from './flag-requests.js';
import { FlagReviews } from './flag-reviews.service.js';
import { summaryOf, type FlagSummary } from './flag-summary.js';
import { flagSummarySchema, flagsPageAnswer } from './answers.js';

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
    summary: 'Flags, newest first',
    description: 'Go on with cursor = nextCursor until it is null.',
  })
  @ApiResponse({
    status: 200,
    standardSchema: flagsPageAnswer,
    description: 'One page of flags.',
    example: flagExamples.page,
  })
  async page(
    @Query({ schema: flagSearchSchema }) { cursor, ...search }: FlagSearchQuery,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ flags: readonly FlagSummary[]; nextCursor: string | null }> {
    const { flags, next } = await this.queue.page(tenantId, { ...search, after: cursor });
    return { flags, nextCursor: next === null ? null : encodeCursor(cursorWords(next)) };
  }

  @Patch(':id')
  @Roles('fraud')
  @ApiOperation({
    summary: 'Review a flag',
    description:
      'open → in-review (with assignee) → confirmed-fraud | false-alarm | inconclusive (with note); in-review or decided → open (with note). ' +
      'A new assignee or a note alone is always possible. Say which version was seen, as version or as If-Match.',
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
