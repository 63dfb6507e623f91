import { Inject, Injectable } from '@nestjs/common';
import type { CallCloseReason, CallDescription, OpenCall } from '../../../core/calls/intake.js';
import type { CallResult } from '../../../core/calls/result.js';
import type { CallId, TenantId } from '../../../core/ids.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Shutdown } from '../../../platform/health/shutdown.js';
import type { CallSession } from './call-session.js';
import { CallStream } from './call-stream.js';
import { LiveCalls } from './live-calls.js';

/** A call and the streams that carry it, one after the other. */
interface Line {
  readonly session: CallSession;
  /** Under which a later stream finds it. */
  readonly keys: Set<string>;
  /** The same as the platform knows them. */
  readonly streamKeys: Set<string>;
  /** Undefined while the call is held for its next stream. */
  current: CallStream | undefined;
  holding: NodeJS.Timeout | undefined;
}

/**
 * Brings each stream to its call. A call whose stream broke off is held for a while; a stream that says it goes on with it, or
 * with one whose old stream has not been missed yet, takes it up where it stood.
 */
@Injectable()
export class CallStreams {
  private readonly lines = new Set<Line>();
  private readonly byKey = new Map<string, Line>();
  private readonly closing = new Set<Promise<CallResult>>();

  constructor(
    private readonly calls: LiveCalls,
    private readonly shutdown: Shutdown,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  open(description: CallDescription): OpenCall {
    const continued = (description.continues ?? [])
      .map((key) => this.byKey.get(fullKey(description, key)))
      .find((line) => line !== undefined);
    const line = continued ?? this.newLine(description);
    const replaced = line.current;
    const stream = new CallStream(line.session, continued !== undefined, (_, reason) =>
      this.leave(line, reason),
    );
    line.current = stream;
    if (description.streamKey !== undefined) {
      const key = fullKey(description, description.streamKey);
      line.keys.add(key);
      line.streamKeys.add(description.streamKey);
      this.byKey.set(key, line);
    }
    if (continued) {
      clearTimeout(line.holding);
      const { resumeWithinMs, silenceTimeoutMs } = this.config;
      this.calls.resume(line.session, description, resumeWithinMs + silenceTimeoutMs);
      replaced?.replace();
    }
    return stream;
  }

  /** Calls with a stream, or held for one. */
  get size(): number {
    return this.lines.size;
  }

  /** The platform has come back with the call to another process, which asks for it. */
  async handOver(tenantId: TenantId, callId: CallId): Promise<void> {
    const line = [...this.lines].find(
      ({ session }) => session.callId === callId && session.description.tenantId === tenantId,
    );
    if (!line) return;
    line.current?.replace();
    await this.close(line, 'taken-over');
  }

  /** The call goes on elsewhere already, without what is known of it here. */
  async drop(callId: CallId): Promise<void> {
    const line = [...this.lines].find(({ session }) => session.callId === callId);
    line?.current?.replace();
    if (line) await this.close(line, 'taken-over', []);
  }

  /** Every platform has been told of a shutdown: resolves when the calls of those that answered have their last results. */
  async settled(): Promise<void> {
    while (this.closing.size > 0) await Promise.all(this.closing);
  }

  /** Held calls, and those whose platform did not react to being told. */
  async closeRest(reason: CallCloseReason): Promise<void> {
    await Promise.all([...this.lines].map((line) => this.close(line, reason)));
  }

  private newLine(description: CallDescription): Line {
    const session = this.calls.open(description, {
      result: (result) => line.current?.tell(result),
      end: (reason) => {
        if (line.current) line.current.end(reason);
        else if (reason !== 'shutdown') void this.close(line, reason);
      },
    });
    const line: Line = {
      session,
      keys: new Set(),
      streamKeys: new Set(),
      current: undefined,
      holding: undefined,
    };
    this.lines.add(line);
    return line;
  }

  private leave(line: Line, reason: CallCloseReason): Promise<CallResult> {
    const mayReturn = line.keys.size > 0 && this.config.resumeWithinMs > 0 && !this.shutdown.begun;
    return reason === 'disconnected' && mayReturn ? this.hold(line) : this.close(line, reason);
  }

  private async hold(line: Line): Promise<CallResult> {
    line.current = undefined;
    line.holding = setTimeout(() => {
      void this.close(line, 'disconnected');
    }, this.config.resumeWithinMs);
    this.calls.interrupted(line.session);
    await line.session.flush();
    return line.session.result();
  }

  /** `keys`: under which another process may go on with the call. */
  private close(
    line: Line,
    reason: CallCloseReason,
    keys: readonly string[] = [...line.streamKeys],
  ): Promise<CallResult> {
    clearTimeout(line.holding);
    this.lines.delete(line);
    // A key may have gone on to a newer call of the same platform id.
    for (const key of line.keys) if (this.byKey.get(key) === line) this.byKey.delete(key);
    const closing = this.calls.close(line.session, reason, keys);
    this.closing.add(closing);
    const done = (): void => {
      this.closing.delete(closing);
    };
    closing.then(done, done);
    return closing;
  }
}

/** A platform's ids are its own: another tenant's or protocol's equal ones are others. */
function fullKey({ tenantId, protocol }: CallDescription, key: string): string {
  return JSON.stringify([tenantId, protocol, key]);
}
