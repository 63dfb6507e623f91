import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import type { Principal } from '../../core/auth/principal.js';
import { AUTHENTICATOR, type Authenticator } from '../../platform/auth/authenticator.port.js';
import type { GatewayRoute, SocketHandlers, TimbreGateway, TimbreSocket } from '../../platform/ws/gateway.js';
import { acceptToken } from '../../platform/ws/token-admission.js';
import { CallSockets } from '../call-sockets.js';
import { HelloMachine } from '../hello/hello-machine.js';
import { claimOf } from '../upgrade-claim.js';
import { vonage } from './vonage-dialect.js';

@WebSocketGateway({ path: '/v1/telephony/vonage' })
export class VonageGateway implements TimbreGateway<Principal> {
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
      'vonage',
      principal.tenantId,
      socket,
      (nowMs) => new HelloMachine(vonage, this.callSockets.timeouts, nowMs),
      claimOf(request),
    );
  }
}
