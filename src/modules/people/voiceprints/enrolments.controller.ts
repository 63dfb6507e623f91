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
import { checkedBys, reenrolmentReasons } from './reenrolment.js';
import { UploadEnrolment } from './upload-enrolment.js';
import { acceptedSchema } from './answers.js';

/** Outside a multipart request there is no body at all: it is the file that is missing then. */
const fields = z
  .strictObject({
    callerChannel: z.enum(['0', '1']).optional(),
    reason: z.enum(reenrolmentReasons).optional(),
    checks: z
      .string()
      .transform((list) => list.split(','))
      .pipe(z.array(z.enum(checkedBys)))
      .optional(),
  })
  .prefault({});

type Accepted = Extract<EnrolmentOutcome, { kind: 'enrolled' | 'incomplete' | 'held' }>;

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
const held: Accepted = {
  kind: 'held',
  heldId: '8c1f5c1e-27d9-4a3c-9a53-4c1f0d3b7d10',
  because: 'unlike-voiceprint',
  netSpeechMs: 27_400,
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
        reason: {
          type: 'string',
          enum: [...reenrolmentReasons],
          description: 'Why a customer who has a voiceprint is enrolled again, for the second person.',
        },
        checks: {
          type: 'string',
          description: `By what else you made sure of the customer, separated by commas: ${checkedBys.join(', ')}.`,
          example: 'identity-document,call-back',
        },
      },
    },
  })
  @ApiResponse({ status: 201, standardSchema: acceptedSchema, description: 'Enrolled.', example: enrolled })
  @ApiResponse({
    status: 202,
    standardSchema: acceptedSchema,
    description:
      'Good speech, but more of it is needed (incomplete); or the customer has a voiceprint that it may not replace just so (held): it is of ' +
      'another voice, or a call of theirs is under way, or a grave flag open. A second person then releases or discards it ' +
      '(GET /v1/held-enrolments).',
    examples: {
      incomplete: { summary: 'More is needed', value: incomplete },
      held: { summary: 'A second person decides', value: held },
    },
  })
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
      'enrolment-refused, with reasons: two speakers, poor quality, no speech; or what would be held while five enrolments of the ' +
      'customer are held already. Nothing was stored.',
  })
  @ApiResponse({ status: 503, description: 'analysis-failed. Nothing was stored; try again.' })
  async enrol(
    @Param('customerId', { schema: z.uuid() }) customerId: CustomerId,
    @Body() body: unknown,
    @UploadedFile() file: { readonly buffer: Buffer } | undefined,
    @CurrentPrincipal() { tenantId, tokenId }: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Accepted> {
    // Not by @Body's schema: OpenAPI would then describe the fields alone, without the file.
    const { callerChannel, reason = null, checks = [] } = fields.parse(body);
    if (file === undefined) {
      throw new ProblemError(400, 'bad-input', 'The input is not valid', {
        errors: [{ field: 'file', expected: 'a WAV file in a multipart/form-data request' }],
      });
    }
    const channel = callerChannel === undefined ? undefined : callerChannel === '1' ? 1 : 0;
    const offer = { by: tokenId, again: { reason, checks } };
    const outcome = await this.enrolment.enrol(tenantId, customerId, file.buffer, channel, offer);
    if (outcome.kind !== 'enrolled') response.status(202);
    return accepted(outcome);
  }
}

function accepted(outcome: EnrolmentOutcome): Accepted {
  switch (outcome.kind) {
    case 'enrolled':
    case 'incomplete':
    case 'held':
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
