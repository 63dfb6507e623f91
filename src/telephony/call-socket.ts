import type { CallCloseReason, CallDescription, CallIntake, OpenCall } from '../core/calls/intake.js';
import type { CallProtocol } from '../core/calls/protocols.js';
import type { CallResult } from '../core/calls/result.js';
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
  private readonly parts: CallSocketParts;
  private call: OpenCall | undefined;
  private description: CallDescription | undefined;
  /** Where in the machine's time the call's stream begins: later than 0 once it has been held. */
  private startMs = 0;
  /** Of a call that is held: what came of it so far. */
  private held: Promise<CallResult> | undefined;
  /** Each fault is logged once a socket: a stream of them must not become a stream of log lines. */
  private readonly logged = new Set<TelephonyErrorCode>();

  constructor(parts: CallSocketParts) {
    this.parts = parts;
  }

  readonly handlers: SocketHandlers = {
    text: (data) => {
      this.perform(this.parts.machine.text(data, this.parts.clock.nowMs()));
    },
    binary: (data) => {
      this.perform(this.parts.machine.binary(data, this.parts.clock.nowMs()));
    },
    malformed: (closeCode) => {
      this.perform(this.parts.machine.malformed(closeCode));
    },
    accessEnded: () => {
      this.end('access-ended');
    },
    closed: (closeCode) => {
      this.parts.onClosed();
      this.perform(this.parts.machine.disconnected(closeCode));
    },
  };

  tick(nowMs: number): void {
    this.later(() => this.parts.machine.tick(nowMs));
  }

  /** Timbre itself ends the call. */
  end(reason: CallCloseReason): void {
    this.later(() => this.parts.machine.ended(reason));
  }

  /** For what comes from elsewhere than the socket's own handlers. */
  private later(happen: () => ProtocolActions): void {
    this.parts.socket.guard(() => {
      this.perform(happen());
    });
  }

  private perform(actions: ProtocolActions): void {
    for (const action of actions) this.do(action);
  }

  private do(action: ProtocolAction): void {
    const { socket, counters, protocol, tenantId } = this.parts;
    switch (action.kind) {
      case 'open':
        this.open(action.description);
        break;
      case 'audio':
        if (this.held) this.takeUp(action.positionMs);
        this.call?.audio(action.bytes, action.positionMs - this.startMs);
        break;
      case 'hold':
        this.hold();
        break;
      case 'lost':
        this.call?.lost(action.durationMs);
        break;
      case 'send':
        socket.send(JSON.stringify(action.message));
        break;
      case 'count':
        counters.error(protocol, action.code);
        if (!this.logged.has(action.code)) counters.log(protocol, action.code, tenantId, this.call?.callId);
        this.logged.add(action.code);
        break;
      case 'close':
        socket.close(action.closeCode, action.reason);
        break;
      case 'end':
        this.close(action.reason);
        break;
    }
  }

  private open(description: Extract<ProtocolAction, { kind: 'open' }>['description']): void {
    const { intake, tenantId, machine, claimed } = this.parts;
    this.description = { ...completed(description, claimed), tenantId };
    const call = intake.open(this.description);
    this.call = call;
    this.perform(machine.opened(call.callId, call.resumed ?? false));
    this.follow(call);
  }

  /** A call that ends while it is held is no longer this socket's. */
  private follow(call: OpenCall): void {
    call.onResult((result) => {
      if (this.call === call) this.later(() => this.parts.machine.result(result));
    });
    call.onEnd((reason) => {
      if (this.call === call) this.end(reason);
    });
  }

  /** Without a key nothing could take the call up again: it lasts until it is ended. */
  private hold(): void {
    const call = this.call;
    if (!call || this.description?.streamKey === undefined) return;
    this.call = undefined;
    const held = call.close('disconnected');
    this.held = held;
    this.parts.socket.guard(async () => {
      await held;
    });
  }

  private takeUp(atMs: number): void {
    if (!this.description) return;
    this.held = undefined;
    this.startMs = atMs;
    this.call = this.parts.intake.open(this.description);
    this.follow(this.call);
  }

  private close(reason: CallCloseReason): void {
    const call = this.call;
    const held = this.held;
    this.call = undefined;
    this.held = undefined;
    this.parts.socket.guard(async () => {
      const result = await (call?.close(reason) ?? held);
      if (result) this.perform(this.parts.machine.flushed(result));
    });
  }
}
