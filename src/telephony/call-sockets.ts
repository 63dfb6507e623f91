import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { CALL_INTAKE, type CallIntake } from '../core/calls/intake.js';
import type { CallProtocol } from '../core/calls/protocols.js';
import type { Clock } from '../core/clock.js';
import type { TenantId } from '../core/ids.js';
import { CLOCK } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { Shutdown } from '../platform/health/shutdown.js';
import type { SocketHandlers, TimbreSocket } from '../platform/ws/gateway.js';
import { CallSocket } from './call-socket.js';
import type { ProtocolMachine, StreamTimeouts } from './protocol-machine.js';
import { TelephonyCounters } from './telephony-counters.js';

/** Fine enough for timeouts of seconds. */
const tickMs = 500;

/** All telephony sockets of this process, whatever their protocol, and the one timer that drives their timeouts. */
@Injectable()
export class CallSockets implements OnModuleInit, OnModuleDestroy {
  readonly timeouts: StreamTimeouts;
  private readonly live = new Set<CallSocket>();
  private whenIdle = (): void => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CALL_INTAKE) private readonly intake: CallIntake,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
    private readonly counters: TelephonyCounters,
    private readonly shutdown: Shutdown,
  ) {
    this.timeouts = {
      firstMessageMs: config.firstMessageTimeoutMs,
      silenceMs: config.silenceTimeoutMs,
      quietMs: config.quietAfterMs,
    };
  }

  onModuleInit(): void {
    this.timer = setInterval(() => {
      this.tick();
    }, tickMs);
    this.timer.unref();
    this.shutdown.register('end-calls', 'telephony sockets', () => this.endAll());
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Wires an admitted socket; `makeMachine` is given the time now. `claimed`: whom the upgrade named as the caller. */
  accept(
    protocol: CallProtocol,
    tenantId: TenantId,
    socket: TimbreSocket,
    makeMachine: (nowMs: number) => ProtocolMachine,
    claimed?: string,
  ): SocketHandlers {
    const { intake, clock, counters } = this;
    const machine = makeMachine(clock.nowMs());
    const onClosed = (): void => {
      this.live.delete(callSocket);
      if (this.live.size === 0) this.whenIdle();
    };
    const callSocket = new CallSocket({
      protocol,
      tenantId,
      claimed,
      machine,
      socket,
      intake,
      clock,
      counters,
      onClosed,
    });
    this.live.add(callSocket);
    return callSocket.handlers;
  }

  get size(): number {
    return this.live.size;
  }

  tick(): void {
    const nowMs = this.clock.nowMs();
    for (const callSocket of this.live) callSocket.tick(nowMs);
  }

  /** Every platform is told in its own protocol's words; resolves when all have their last result and are gone. */
  async endAll(): Promise<void> {
    if (this.live.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.whenIdle = resolve;
    });
    for (const callSocket of this.live) callSocket.end('shutdown');
    await idle;
  }
}
