import { Body, Controller, Param, Post, Res, UploadedFile, UseInterceptors } from '@nestjs/common';
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
import type { Response } from 'express';
import { z } from 'zod';
import type { Principal } from '../../../core/auth/principal.js';
import type { CustomerId, VoiceprintId } from '../../../core/ids.js';
import { ProblemError } from '../../../platform/http/problem.js';
import { CurrentPrincipal } from '../../../platform/http/current-principal.decorator.js';
import { Roles } from '../../../platform/http/roles.decorator.js';
import { CountRefusals } from './count-refusals.interceptor.js';
import type { EnrolmentOutcome } from './enrolment-outcome.js';
import { UploadEnrolment } from './upload-enrolment.js';

/** Outside a multipart request there is no body at all: it is the file that is missing then. */
const fields = z.strictObject({ callerChannel: z.enum(['0', '1']).optional() }).prefault({});

type Accepted = Extract<EnrolmentOutcome, { kind: 'enrolled' | 'incomplete' }>;

const enrolled: Accepted = {
  kind: 'enrolled',
  voiceprintId: '4be0a7a0-3b3c-4b8f-9d4f-d7c1c1a7a001' as VoiceprintId,
  netSpeechMs: 27_400,
  vouchesFrom: '2026-03-01T09:30:00.000Z',
  expiresAt: '2028-02-29T09:30:00.000Z',
};
const incomplete: Accepted = {
  kind: 'incomplete',
  netSpeechMs: 12_300,
  neededMs: 20_000,
  keptUntil: '2026-03-31T09:30:00.000Z',
};

@ApiTags('voiceprints')
@ApiBearerAuth()
@Controller('v1/customers/:customerId/enrolments')
export class EnrolmentsController {
  constructor(private readonly enrolment: UploadEnrolment) {}

  @Post()
  @Roles('customer-service')
  @UseInterceptors(CountRefusals, FileInterceptor('file'))
  @ApiParam({ name: 'customerId', format: 'uuid' })
  @ApiConsumes('multipart/form-data')
  @ApiOperation({
    summary: 'Enrol the customer from a recording',
    description:
      'A WAV file (PCM of 8, 16, 24 or 32 bits, floating point, A-law, µ-law or GSM 6.10; 8 to 192 kHz; one channel, or two and ' +
      'callerChannel). Two channels that are the same are one. A length that was never filled in is read to the end of the file, ' +
      'and a file that lacks up to a hundredth of what it says is read as it is: notes say so. Speech that is not enough is kept, ' +
      'as embeddings only, until the rest comes. The recording itself is not kept.',
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary' },
        callerChannel: {
          type: 'string',
          enum: ['0', '1'],
          description: 'Of a stereo recording: the customer’s channel.',
        },
      },
    },
  })
  @ApiResponse({ status: 201, description: 'Enrolled.', example: enrolled })
  @ApiResponse({ status: 202, description: 'Good speech, but more of it is needed.', example: incomplete })
  @ApiResponse({
    status: 400,
    description: 'bad-input, empty-audio, truncated-audio, caller-channel-missing or caller-channel-absent.',
  })
  @ApiResponse({ status: 404, description: 'customer-not-found' })
  @ApiResponse({
    status: 409,
    description: 'no-consent (with the reason), or erased-meanwhile. Nothing was stored.',
  })
  @ApiResponse({ status: 413, description: 'The recording is too long, or the file too large.' })
  @ApiResponse({ status: 415, description: 'not-audio or unsupported-audio.' })
  @ApiResponse({
    status: 422,
    description:
      'enrolment-refused, with reasons: two speakers, poor quality, no speech; or a voice unlike the voiceprint in force, which stays ' +
      '(unlike-voiceprint, voiceprint-of-earlier-model). Nothing was stored.',
  })
  async enrol(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body() body: unknown,
    @UploadedFile() file: { readonly buffer: Buffer } | undefined,
    @CurrentPrincipal() { tenantId }: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Accepted> {
    // Not by @Body's schema: OpenAPI would then describe the fields alone, without the file.
    const { callerChannel } = fields.parse(body);
    if (file === undefined) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'file', expected: 'a WAV file in a multipart/form-data request' }],
      });
    }
    const channel = callerChannel === undefined ? undefined : callerChannel === '1' ? 1 : 0;
    const outcome = await this.enrolment.enrol(tenantId, customerId, file.buffer, channel);
    if (outcome.kind === 'incomplete') response.status(202);
    return accepted(outcome);
  }
}

function accepted(outcome: EnrolmentOutcome): Accepted {
  switch (outcome.kind) {
    case 'enrolled':
    case 'incomplete':
      return outcome;
    case 'no-consent':
      throw new ProblemError(409, 'no-consent', 'There is no consent to enrol this customer', {
        detail: 'Nothing was analysed that is still kept. Record consent for the purpose enrolment first.',
        extra: { reason: outcome.reason, decidedBy: outcome.decidedBy },
      });
    case 'erased':
      throw new ProblemError(
        409,
        'erased-meanwhile',
        'The customer’s voice data was erased while this was analysed',
        {
          detail: 'Nothing was stored.',
        },
      );
    case 'refused':
      throw new ProblemError(422, 'enrolment-refused', 'This recording cannot be enrolled', {
        detail: outcome.reasons.map(({ detail }) => detail).join(' '),
        extra: { reasons: outcome.reasons },
      });
  }
}
