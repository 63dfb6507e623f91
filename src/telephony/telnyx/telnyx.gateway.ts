import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import type { Principal } from '../../core/auth/principal.js';
import { callProtocols } from '../../core/calls/protocols.js';
import { AUTHENTICATOR, type Authenticator } from '../../platform/auth/authenticator.port.js';
import { admitToken } from '../../platform/ws/bearer.js';
import type { GatewayRoute, SocketHandlers, TimbreGateway, TimbreSocket } from '../../platform/ws/gateway.js';
import { acceptToken } from '../../platform/ws/token-admission.js';
import { CallSockets } from '../call-sockets.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { queryOf } from '../query.js';
import { claimOf } from '../upgrade-claim.js';
import { telnyxAt } from './telnyx-dialect.js';

/** Where Telnyx puts the `stream_auth_token` of a streaming command; its ed25519 signatures are on webhooks only. */
const tokenHeader = 'x-telnyx-streaming-auth-token';

@WebSocketGateway({ path: callProtocols.telnyx.at })
export class TelnyxGateway implements TimbreGateway<Principal> {
  readonly authenticate: TimbreGateway<Principal>['authenticate'];

  constructor(
    @Inject(AUTHENTICATOR) authenticator: Authenticator,
    private readonly callSockets: CallSockets,
  ) {
    const accept = acceptToken(authenticator, ['telephony']);
    this.authenticate = (request) => {
      const token = request.headers[tokenHeader];
      return typeof token === 'string' ? admitToken(authenticator, ['telephony'], token) : accept(request);
    };
  }

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
    return this.callSockets.accept(
      'telnyx',
      principal.tenantId,
      socket,
      (nowMs) =>
        new MediaStreamMachine(telnyxAt(queryOf(request)), undefined, this.callSockets.timeouts, nowMs),
      claimOf(request),
    );
  }
}
