import type { IncomingMessage } from 'node:http';

import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';

import { callProtocols } from '../../core/calls/protocols.js';
import type { Clock } from '../../core/clock.js';
import {
  KINESIS_CREDENTIALS,
  type KinesisCredential,
  type KinesisCredentials,
} from '../../platform/auth/kinesis-credentials.port.js';
import { CLOCK } from '../../platform/clock.js';
import { fieldErrors } from '../../platform/http/field-errors.js';
import { ProblemError } from '../../platform/http/problem.js';
import { Public } from '../../platform/http/public.decorator.js';
import { Shutdown } from '../../platform/health/shutdown.js';
import { parseObject } from '../json-object.js';
import { AUDIOHOOK_NONCES, type AudiohookNonces } from '../audiohook/audiohook-nonces.js';
import { KinesisCalls, UnreadableStream } from './kinesis-calls.js';
import { startRequest } from './start-request.js';
import { isSigned, maxSkewMs } from './webhook-signature.js';
import { kinesisStartAnswer } from './answers.js';

type Request = IncomingMessage & { readonly rawBody?: Buffer };

@ApiTags('telephony')
@Public()
@Controller(callProtocols.kinesis.at)
export class KinesisController {
  constructor(
    @Inject(KINESIS_CREDENTIALS) private readonly credentials: KinesisCredentials,
    @Inject(AUDIOHOOK_NONCES) private readonly nonces: AudiohookNonces,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly calls: KinesisCalls,
    private readonly shutdown: Shutdown,
  ) {}

  @Post(':credentialId')
  @HttpCode(202)
  @ApiParam({ name: 'credentialId', format: 'uuid', description: 'As the credential was registered.' })
  @ApiHeader({
    name: 'webhook-id',
    required: true,
    description: 'One for each contact: a second one is not taken.',
  })
  @ApiHeader({ name: 'webhook-timestamp', required: true, description: 'Seconds since 1970.' })
  @ApiHeader({ name: 'webhook-signature', required: true, description: 'v1, and HMAC-SHA256 in base64.' })
  @ApiBody({ schema: z.toJSONSchema(startRequest, { io: 'input' }) as object })
  @ApiOperation({
    summary: 'Listen to a call that Amazon Connect or Chime Voice Connector streams to Kinesis',
    description:
      'Signed as Standard Webhooks are, with the secret of the credential. Answered when the stream is being read. docs/integration/kinesis.md has a Lambda function that sends it.',
  })
  @ApiResponse({ status: 503, description: 'unavailable: Timbre is shutting down; send it again.' })
  @ApiResponse({
    status: 202,
    standardSchema: kinesisStartAnswer,
    description: 'The stream is being read.',
    example: { reading: true },
  })
  @ApiResponse({ status: 401, description: 'Not signed by this credential, or too old.' })
  @ApiResponse({ status: 502, description: 'AWS does not let the stream be read; `detail` names its fault.' })
  async start(
    @Param('credentialId') credentialId: string,
    @Req() request: Request,
  ): Promise<{ readonly reading: true }> {
    if (this.shutdown.begun) throw new ProblemError(503, 'unavailable', 'Timbre is shutting down');
    const body = request.rawBody ?? Buffer.alloc(0);
    const { credential, id } = await this.authenticate(credentialId, request, body);
    const parsed = startRequest.safeParse(parseObject(body.toString('utf8')));
    if (!parsed.success) {
      const errors = fieldErrors(parsed.error.issues, 'body');
      throw new ProblemError(400, 'bad-input', 'The input is not valid', { errors });
    }
    // AWS Lambda tries again: another process of ours may read the stream by now.
    const nonce = `kinesis ${id}`;
    const { tenantId } = credential;
    if (!(await this.nonces.firstSeen(tenantId, nonce, this.clock.nowMs(), 2 * maxSkewMs))) {
      return { reading: true };
    }
    await this.calls.start(credential, parsed.data).catch(async (error: unknown) => {
      await this.nonces.forget(tenantId, nonce);
      if (!(error instanceof UnreadableStream)) throw error;
      const detail = error.fault;
      throw new ProblemError(502, 'unreadable-stream', 'AWS does not let the stream be read', { detail });
    });
    return { reading: true };
  }

  private async authenticate(
    credentialId: string,
    { headers }: Request,
    body: Buffer,
  ): Promise<{ credential: KinesisCredential; id: string }> {
    const header = (name: string): string => {
      const value = headers[name];
      return typeof value === 'string' ? value : '';
    };
    const id = header('webhook-id');
    const message = {
      id,
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      body,
    };
    const credential = await this.credentials.ofId(credentialId);
    // The same answer for both, so that nobody learns which credentials there are.
    if (!credential || !isSigned(message, credential.secret, this.clock.nowMs())) {
      throw new ProblemError(401, 'unauthorized', 'The signature does not fit', {
        headers: { 'WWW-Authenticate': 'Signature' },
      });
    }
    return { credential, id };
  }
}
