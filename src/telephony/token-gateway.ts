import { type IncomingMessage } from 'node:http';
import { Inject, type Type } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import type { Principal } from '../core/auth/principal.js';
import { type CallProtocol, callProtocols } from '../core/calls/protocols.js';
import { AUTHENTICATOR, type Authenticator } from '../platform/auth/authenticator.port.js';
import type { GatewayRoute, SocketHandlers, TimbreGateway, TimbreSocket } from '../platform/ws/gateway.js';
import { acceptToken } from '../platform/ws/token-admission.js';
import { CallSockets } from './call-sockets.js';
import type { ProtocolMachine, StreamTimeouts } from './protocol-machine.js';
import { claimOf } from './upgrade-claim.js';

interface Platform {
  readonly protocol: CallProtocol;
  readonly subprotocols?: readonly string[];
  readonly machine: (request: IncomingMessage, timeouts: StreamTimeouts, nowMs: number) => ProtocolMachine;
}

/** The gateway of a platform that lets itself in with a token of the role telephony, and differs in nothing but its protocol. */
export function tokenGateway({ protocol, subprotocols, machine }: Platform): Type<TimbreGateway<Principal>> {
  @WebSocketGateway({ path: callProtocols[protocol].at })
  class TokenGateway implements TimbreGateway<Principal> {
    readonly subprotocols = subprotocols ?? [];
    readonly authenticate: TimbreGateway<Principal>['authenticate'];

    constructor(
      @Inject(AUTHENTICATOR) authenticator: Authenticator,
      @Inject(CallSockets) private readonly callSockets: CallSockets,
    ) {
      this.authenticate = acceptToken(authenticator, ['telephony']);
    }

    afterInit(route: GatewayRoute): void {
      route.serve(this);
    }

    handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
      const { callSockets } = this;
      const make = (nowMs: number): ProtocolMachine => machine(request, callSockets.timeouts, nowMs);
      return callSockets.accept(protocol, principal.tenantId, socket, make, claimOf(request));
    }
  }
  return TokenGateway;
}
