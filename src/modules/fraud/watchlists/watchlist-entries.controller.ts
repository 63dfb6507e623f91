import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Post,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CallId, WatchlistEntryId, WatchlistId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { EntryRecordings } from './entry-recordings.js';
import { callEntryBody, entryExample, uploadedEntryBody } from './watchlist-body.js';
import { WatchlistEntries } from './watchlist-entries.service.js';
import type { EntryView } from './watchlist-view.js';
import { entryViewSchema, watchlistEntriesListAnswer } from './answers.js';

const example: EntryView = {
  entryId: '9a4f3a5e-1f44-4c7e-8f0a-5d2f8f1c7b02' as WatchlistEntryId,
  listId: '6c1de1d4-6f0b-4a6c-9f1e-2f0b7c9a1c01' as WatchlistId,
  reference: entryExample.reference,
  basisNote: entryExample.basisNote,
  reviewedBy: entryExample.reviewedBy,
  releaseReference: null,
  residence: null,
  modelId: 'timbre-sv-8k-v1',
  netSpeechMs: 24_300,
  source: 'upload',
  callId: null,
  addedAt: '2026-03-01T09:30:00.000Z',
  expiresAt: '2027-03-01T00:00:00.000Z',
  endedAt: null,
  endedReason: null,
  state: 'active',
};
const refusals =
  'watchlist-closed, basis-review-overdue, or release-missing: the ground does not cover this person. Nothing was analysed.';
const tooLittle =
  'not-enough-speech, or entry-refused with reasons (two speakers, poor quality). Nothing was stored.';
const text = { type: 'string' };
const id = z.uuid();

@ApiTags('watchlists')
@ApiBearerAuth()
@ApiParam({ name: 'listId', format: 'uuid' })
@Controller('v1/watchlists/:listId/entries')
export class WatchlistEntriesController {
  constructor(
    private readonly entries: WatchlistEntries,
    private readonly recordings: EntryRecordings,
  ) {}

  @Post()
  @Roles('fraud')
  @UseInterceptors(FileInterceptor('file'))
  @ApiConsumes('multipart/form-data')
  @ApiOperation({
    summary: 'Put a voice on a watchlist from a recording',
    description:
      'A WAV file as for an enrolment. It is not kept: only an embedding is, under a key of its own, until `keepUntil`. `reference` is your case number, not a name.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file', 'reference', 'basisNote', 'reviewedBy', 'keepUntil'],
      properties: {
        file: { type: 'string', format: 'binary' },
        reference: text,
        basisNote: { ...text, description: 'Why this person’s voice may be on the list.' },
        reviewedBy: { ...text, description: 'Who checked that.' },
        keepUntil: { ...text, format: 'date-time' },
        residence: text,
        releaseReference: { ...text, description: 'Where the person’s own written release lies.' },
        callerChannel: { ...text, enum: ['0', '1'] },
      },
    },
  })
  @ApiResponse({ status: 503, description: 'analysis-failed. Nothing was stored; try again.' })
  @ApiResponse({
    status: 201,
    standardSchema: entryViewSchema,
    description: 'On the list; live calls are held against it from now on.',
    example,
  })
  @ApiResponse({ status: 404, description: 'unknown-watchlist' })
  @ApiResponse({ status: 409, description: refusals })
  @ApiResponse({ status: 422, description: tooLittle })
  upload(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @Body() body: unknown,
    @UploadedFile() file: { readonly buffer: Buffer } | undefined,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EntryView> {
    // Not by @Body's schema: OpenAPI would then describe the fields alone, without the file.
    const { callerChannel, ...entry } = uploadedEntryBody.parse(body ?? {});
    if (file === undefined) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'file', expected: 'a WAV file in a multipart/form-data request' }],
      });
    }
    const channel = callerChannel === undefined ? undefined : callerChannel === '1' ? 1 : 0;
    return this.recordings.upload(principal, listId, entry, file.buffer, channel);
  }

  @Post('from-call')
  @Roles('fraud')
  @ApiOperation({
    summary: 'Put the voice of a call that goes on on a watchlist',
    description:
      'What has been heard of the caller so far, if the call is held against this list. Of a call that is over nothing is kept: use a recording.',
  })
  @ApiResponse({
    status: 201,
    standardSchema: entryViewSchema,
    description: 'On the list.',
    example: { ...example, source: 'call' },
  })
  @ApiResponse({ status: 404, description: 'unknown-watchlist or unknown-call' })
  @ApiResponse({ status: 409, description: `call-not-live, call-not-screened; or ${refusals}` })
  @ApiResponse({ status: 422, description: tooLittle })
  fromCall(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @Body({ schema: callEntryBody }) { callId, ...entry }: z.output<typeof callEntryBody>,
    @CurrentPrincipal() principal: Principal,
  ): Promise<EntryView> {
    return this.recordings.fromCall(principal, listId, entry, callId as CallId);
  }

  @Get()
  @Roles('fraud', 'privacy', 'admin')
  @ApiOperation({
    summary: 'The newest 1,000 voices put on the list, ended ones too; never the voices themselves',
  })
  @ApiResponse({
    status: 200,
    standardSchema: watchlistEntriesListAnswer,
    description: 'Newest first.',
    example: { entries: [example] },
  })
  @ApiResponse({ status: 404, description: 'unknown-watchlist' })
  async list(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @CurrentPrincipal() { tenantId }: Principal,
  ): Promise<{ entries: EntryView[] }> {
    return { entries: await this.entries.list(tenantId, listId) };
  }

  @Delete(':entryId')
  @HttpCode(204)
  @Roles('privacy', 'fraud', 'admin')
  @ApiParam({ name: 'entryId', format: 'uuid' })
  @ApiOperation({
    summary: 'Erase a voice from the list',
    description: 'Its key is destroyed, and the voice with it; live calls are no longer held against it.',
  })
  @ApiResponse({ status: 204, description: 'Erased.' })
  @ApiResponse({ status: 404, description: 'unknown-watchlist-entry' })
  erase(
    @Param('listId', { schema: id }) listId: WatchlistId,
    @Param('entryId', { schema: id }) entryId: WatchlistEntryId,
    @CurrentPrincipal() principal: Principal,
  ): Promise<void> {
    return this.entries.erase(principal, listId, entryId);
  }
}
