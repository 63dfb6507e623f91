/**
 * How a gateway meets a WebSocket (README of this folder, in code):
 *
 *   @WebSocketGateway({ path: '/v1/thing' })            // the path is matched exactly; a query is allowed
 *   class ThingGateway implements TimbreGateway<Principal> {
 *     readonly authenticate = acceptBearer(this.authenticator, ['agent']);   // from ./bearer.js
 *     afterInit(route: GatewayRoute): void { route.serve(this); }            // required: start-up fails without it
 *     handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: Principal): SocketHandlers {
 *       return { text: (data) => { … }, closed: (code) => { … } };           // synchronous: no frame is lost
 *     }
 *   }
 *
 * `TimbreWsAdapter` (./timbre-ws-adapter.js) is installed by main.ts; `WsModule` (./ws.module.js) is imported by AppModule.
 * Nest's @SubscribeMessage is not supported: it knows no binary frames and keeps no order.
 */
import { type IncomingMessage } from 'node:http';

import type { Access } from '../auth/access.port.js';

/** What `authenticate` says of an upgrade request, before the upgrade. */
export type Admission<P> =
  | {
      readonly kind: 'accepted';
      readonly principal: P;
      /** What let it in; absent where it lasts as long as the socket may. */
      readonly access?: Access;
    }
  | Refusal;

export interface Refusal {
  readonly kind: 'refused';
  readonly status: 401 | 403 | 404 | 503;
  readonly title: string;
  /** The scheme that a 401 names; `Bearer` unless told. */
  readonly challenge?: Challenge;
}

/** `Signature`: the request itself has to be signed, in the platform's own way (RFC 9421 for AudioHook). */
export type Challenge = 'Bearer' | 'Signature';

export interface TimbreGateway<P = unknown> {
  /** What a platform may offer, best first; `timbre.v1` unless told. An upgrade that offers none of them goes on without. */
  readonly subprotocols?: readonly string[];
  /** Runs before the upgrade; a rejection refuses with 503. */
  authenticate(request: IncomingMessage): Promise<Admission<P>>;
  /** Must be synchronous; the returned handlers get every frame, in order. */
  handleConnection(socket: TimbreSocket, request: IncomingMessage, principal: P): SocketHandlers;
}

/** An exception thrown by (or a rejection of) any of these closes this socket with 1011 and touches nothing else. */
export interface SocketHandlers {
  text?(data: string): void | Promise<void>;
  /** The bytes are a view of the socket's own read buffer: copy before handing them to another thread. */
  binary?(data: Buffer): void | Promise<void>;
  /** A frame broke WebSocket's rules (1002, 1007) or a size limit (1009); the socket closes with that code. */
  malformed?(closeCode: number): void;
  /** What let it in was revoked or has expired: it ends in its own words. Without this the socket is closed with 1008. */
  accessEnded?(): void;
  /** Called once, whoever closed. */
  closed?(code: number): void | Promise<void>;
}

export interface TimbreSocket {
  /** Does nothing once the socket is closing. A peer that does not read (over 4 MiB waiting) is cut off. */
  send(text: string): void;
  close(code: number, reason: string): void;
  readonly bufferedAmount: number;
  /** For work outside the handlers (timers, promises, bus messages): its failure closes this socket with 1011. */
  guard(work: () => void | Promise<void>): void;
}

/** What Nest hands to `afterInit`. */
export interface GatewayRoute {
  readonly path: string;
  serve<P>(gateway: TimbreGateway<P>): void;
}

/** The subprotocol of all Timbre's own sockets; browsers offer it beside `bearer.<token>`. */
export const timbreSubprotocol = 'timbre.v1';

export const maxTextBytes = 64 * 1024;
export const maxBinaryBytes = 1024 * 1024;
