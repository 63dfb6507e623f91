import type { CallResult } from '../../core/calls/result.js';
import type { VerificationState } from '../../core/speaker/verification.js';
import type { JsonObject } from '../json-object.js';

const defaultSeconds = 20;
const longestSeconds = 60;

/** Whether more speech can still change it; an Architect flow, and the caller in it, wait no longer than they must. */
const isFinal: Record<VerificationState, boolean> = {
  'not-claimed': false,
  'no-consent': true,
  'opted-out': true,
  'not-enrolled': true,
  'enrolment-incomplete': true,
  'cooling-off': true,
  expired: true,
  collecting: false,
  accepted: true,
  rejected: true,
  inconclusive: false,
};

/**
 * What an Audio Connector session waits for: the flow stands still until Timbre disconnects with the verdict in
 * `outputVariables`. https://developer.genesys.cloud/devapps/audiohook/protocol-reference#disconnect
 */
export class ConnectorVerdict {
  private readonly untilMs: number;
  private last: CallResult | undefined;

  /** `listenSeconds`: as the flow's variable says it; anything but 1 to 60 counts as not said. */
  constructor(listenSeconds: unknown, nowMs: number) {
    const said = typeof listenSeconds === 'string' ? Number(listenSeconds) : 0;
    const seconds = said >= 1 && said <= longestSeconds ? said : defaultSeconds;
    this.untilMs = nowMs + seconds * 1000;
  }

  /** True once there is nothing to wait for. */
  hear(result: CallResult): boolean {
    this.last = result;
    const { state, reason } = result.verification;
    // The consent could not be checked just now: that may pass.
    return isFinal[state] && reason !== 'gate-unavailable';
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.untilMs;
  }

  /** The verdict so far, as Architect's string variables; the figures behind it are not for a flow to weigh. */
  get outputVariables(): JsonObject {
    const { verification, agent, callId } = this.last ?? {};
    return {
      timbreState: verification?.state ?? 'not-claimed',
      timbreReason: verification?.reason ?? 'no-customer-claimed',
      timbreAgentState: agent?.state ?? 'not-sure-yet',
      ...(callId !== undefined && { timbreCallId: callId }),
    };
  }
}
