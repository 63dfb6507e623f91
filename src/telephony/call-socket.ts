import type { CallCloseReason, CallIntake, OpenCall } from '../core/calls/intake.js';
import type { CallProtocol } from '../core/calls/protocols.js';
import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import type { SocketHandlers, TimbreSocket } from '../platform/ws/gateway.js';
import { completed } from './call-description.js';
import type { TelephonyErrorCode } from './errors.js';
import type { ProtocolAction, ProtocolActions, ProtocolMachine } from './protocol-machine.js';
import type { TelephonyCounters } from './telephony-counters.js';

export interface CallSocketParts {
  readonly protocol: CallProtocol;
  readonly tenantId: TenantId;
  readonly claimed: string | undefined;
  readonly machine: ProtocolMachine;
  readonly socket: TimbreSocket;
  readonly intake: CallIntake;
  readonly clock: Clock;
  readonly counters: TelephonyCounters;
  readonly onClosed: () => void;
}

/** One socket, its protocol machine and its call: performs what the machine asks for. */
export class CallSocket {
  readonly #parts: CallSocketParts;
  #call: OpenCall | undefined;
  /** Each fault is logged once a socket: a stream of them must not become a stream of log lines. */
  readonly #logged = new Set<TelephonyErrorCode>();

  constructor(parts: CallSocketParts) {
    this.#parts = parts;
  }

  readonly handlers: SocketHandlers = {
    text: (data) => {
      this.#perform(this.#parts.machine.text(data, this.#parts.clock.nowMs()));
    },
    binary: (data) => {
      this.#perform(this.#parts.machine.binary(data, this.#parts.clock.nowMs()));
    },
    malformed: (closeCode) => {
      this.#perform(this.#parts.machine.malformed(closeCode));
    },
    closed: (closeCode) => {
      this.#parts.onClosed();
      this.#perform(this.#parts.machine.disconnected(closeCode));
    },
  };

  tick(nowMs: number): void {
    this.#later(() => this.#parts.machine.tick(nowMs));
  }

  /** Timbre itself ends the call. */
  end(reason: CallCloseReason): void {
    this.#later(() => this.#parts.machine.ended(reason));
  }

  /** For what comes from elsewhere than the socket's own handlers. */
  #later(happen: () => ProtocolActions): void {
    this.#parts.socket.guard(() => {
      this.#perform(happen());
    });
  }

  #perform(actions: ProtocolActions): void {
    for (const action of actions) this.#do(action);
  }

  #do(action: ProtocolAction): void {
    const { socket, counters, protocol, tenantId } = this.#parts;
    switch (action.kind) {
      case 'open':
        this.#open(action.description);
        break;
      case 'audio':
        this.#call?.audio(action.bytes, action.positionMs);
        break;
      case 'lost':
        this.#call?.lost(action.durationMs);
        break;
      case 'send':
        socket.send(JSON.stringify(action.message));
        break;
      case 'count':
        counters.error(protocol, action.code);
        if (!this.#logged.has(action.code)) counters.log(protocol, action.code, tenantId, this.#call?.callId);
        this.#logged.add(action.code);
        break;
      case 'close':
        socket.close(action.closeCode, action.reason);
        break;
      case 'end':
        this.#close(action.reason);
        break;
    }
  }

  #open(description: Extract<ProtocolAction, { kind: 'open' }>['description']): void {
    const { intake, tenantId, machine, claimed } = this.#parts;
    const call = intake.open({ ...completed(description, claimed), tenantId });
    this.#call = call;
    this.#perform(machine.opened(call.callId, call.resumed ?? false));
    call.onResult((result) => {
      this.#later(() => machine.result(result));
    });
    call.onEnd((reason) => {
      this.end(reason);
    });
  }

  #close(reason: CallCloseReason): void {
    const call = this.#call;
    this.#call = undefined;
    this.#parts.socket.guard(async () => {
      const result = await call?.close(reason);
      if (result) this.#perform(this.#parts.machine.flushed(result));
    });
  }
}
