import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import type { Principal } from '../../core/auth/principal.js';
import { callProtocols } from '../../core/calls/protocols.js';
import { AUTHENTICATOR, type Authenticator } from '../../platform/auth/authenticator.port.js';
import { acceptBearer } from '../../platform/ws/bearer.js';
import type { GatewayRoute, SocketHandlers, TimbreGateway, TimbreSocket } from '../../platform/ws/gateway.js';
import { CallSockets } from '../call-sockets.js';
import { claimOf } from '../upgrade-claim.js';
import { PlainMachine } from './plain-machine.js';

@WebSocketGateway({ path: callProtocols.plain.at })
export class PlainGateway implements TimbreGateway<Principal> {
  readonly authenticate: TimbreGateway<Principal>['authenticate'];

  constructor(
    @Inject(AUTHENTICATOR) authenticator: Authenticator,
    private readonly callSockets: CallSockets,
  ) {
    this.authenticate = acceptBearer(authenticator, ['telephony']);
  }

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
    return this.callSockets.accept(
      'plain',
      principal.tenantId,
      socket,
      (nowMs) => new PlainMachine(this.callSockets.timeouts, nowMs),
      claimOf(request),
    );
  }
}
