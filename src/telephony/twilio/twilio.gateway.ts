import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import { callProtocols } from '../../core/calls/protocols.js';
import {
  TWILIO_CREDENTIALS,
  type TwilioCredential,
  type TwilioCredentials,
} from '../../platform/auth/twilio-credentials.port.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type {
  Admission,
  GatewayRoute,
  SocketHandlers,
  TimbreGateway,
  TimbreSocket,
} from '../../platform/ws/gateway.js';
import { CallSockets } from '../call-sockets.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { twilio } from './twilio-dialect.js';
import { admitSigned, signedUrl } from './twilio-signature.js';

const path = callProtocols.twilio.at;

@WebSocketGateway({ path: path })
export class TwilioGateway implements TimbreGateway<TwilioCredential> {
  constructor(
    @Inject(TWILIO_CREDENTIALS) private readonly credentials: TwilioCredentials,
    @Inject(CONFIG) private readonly config: Config,
    private readonly callSockets: CallSockets,
  ) {}

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  async authenticate(request: IncomingMessage): Promise<Admission<TwilioCredential>> {
    if (this.config.publicUrl === undefined) {
      return {
        kind: 'refused',
        status: 503,
        title: 'TIMBRE_PUBLIC_URL is not set: signatures can not be checked',
      };
    }
    const header = request.headers['x-twilio-signature'];
    const signature = typeof header === 'string' ? header : undefined;
    return admitSigned(signature, signedUrl(this.config.publicUrl, path), await this.credentials.active());
  }

  handleConnection(
    socket: TimbreSocket,
    _request: IncomingMessage,
    credential: TwilioCredential,
  ): SocketHandlers {
    return this.callSockets.accept(
      'twilio',
      credential.tenantId,
      socket,
      (nowMs) => new MediaStreamMachine(twilio, credential.accountSid, this.callSockets.timeouts, nowMs),
    );
  }
}
