import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import type { Principal } from '../../core/auth/principal.js';
import { AUTHENTICATOR, type Authenticator } from '../../platform/auth/authenticator.port.js';
import type { GatewayRoute, SocketHandlers, TimbreGateway, TimbreSocket } from '../../platform/ws/gateway.js';
import { acceptToken } from '../../platform/ws/token-admission.js';
import { CallSockets } from '../call-sockets.js';
import { HelloMachine } from '../hello/hello-machine.js';
import { queryOf } from '../query.js';
import { claimOf } from '../upgrade-claim.js';
import { asterisk } from './asterisk-dialect.js';

@WebSocketGateway({ path: '/v1/telephony/asterisk' })
export class AsteriskGateway implements TimbreGateway<Principal> {
  readonly subprotocols = ['media'];
  readonly authenticate: TimbreGateway<Principal>['authenticate'];

  constructor(
    @Inject(AUTHENTICATOR) authenticator: Authenticator,
    private readonly callSockets: CallSockets,
  ) {
    this.authenticate = acceptToken(authenticator, ['telephony']);
  }

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
    return this.callSockets.accept(
      'asterisk',
      principal.tenantId,
      socket,
      (nowMs) => new HelloMachine(asterisk(queryOf(request)), this.callSockets.timeouts, nowMs),
      claimOf(request),
    );
  }
}
