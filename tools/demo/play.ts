import type { CallResult } from '../../src/core/calls/result.js';
import { streamCall } from '../call/stream-call.js';
import type { Api } from './api.js';
import type { DemoCall } from './cast.js';
import type { Enrolled } from './enrol.js';
import type { LiveWatch } from './live-watch.js';

export interface PlayedCall {
  readonly call: DemoCall;
  readonly result: CallResult;
  readonly flags: readonly {
    readonly severity: string;
    readonly reasons: readonly { readonly text: string }[];
  }[];
  /** From asking to withdraw to the call no longer being processed; null where nobody withdrew. */
  readonly stoppedAfterMs: number | null;
  readonly voiceprintGone: boolean | null;
}

export interface Stage {
  readonly telephonyUrl: string;
  readonly telephonyToken: string;
  readonly agent: Api;
  readonly fraud: Api;
  readonly watch: LiveWatch;
  readonly customers: ReadonlyMap<string, Enrolled>;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** One call as the telephony platform would stream it, with what the agent does meanwhile. */
export async function playCall(call: DemoCall, externalId: string, stage: Stage): Promise<PlayedCall> {
  const outcome = streamCall({
    files: call.speech,
    url: stage.telephonyUrl,
    protocol: { kind: 'plain', token: stage.telephonyToken, results: true },
    speed: 1,
    customer: call.claims,
    callId: externalId,
    hangUp: stage.signal,
  });
  const acted = act(call, externalId, stage);
  const [played, extra] = await Promise.all([outcome, acted]);
  if (played.kind !== 'completed' || played.lastResult === undefined) {
    throw new Error(`${call.name}: the call was not completed (${played.kind})`);
  }
  const { flags } = await stage.fraud.call<{ flags: PlayedCall['flags'] }>(
    'GET',
    `/v1/flags?callId=${played.lastResult.callId}`,
  );
  return { call, result: played.lastResult, flags, ...extra };
}

type Extra = Pick<PlayedCall, 'stoppedAfterMs' | 'voiceprintGone'>;

const untouched: Extra = { stoppedAfterMs: null, voiceprintGone: null };

async function act(call: DemoCall, externalId: string, stage: Stage): Promise<Extra> {
  if (call.act === undefined) return untouched;
  const { callId } = await stage.watch.until(
    externalId,
    ({ firstDecision }) => firstDecision !== null,
    stage.signal,
  );
  if (call.act === 'asks-for-payout') {
    stage.say(`${call.name}: the caller asks for a payout; the agent records it`);
    await stage.agent.call('POST', `/v1/calls/${callId}/account-events`, { kind: 'payout' });
    return untouched;
  }
  stage.say(`${call.name}: the customer withdraws consent; the agent records it`);
  const customer = stage.customers.get(call.claims);
  if (!customer?.consentId) throw new Error(`${call.claims} has no consent to withdraw`);
  const askedMs = performance.now();
  await stage.agent.call('DELETE', `/v1/customers/${customer.customerId}/consents/${customer.consentId}`);
  await stage.watch.until(externalId, ({ verification }) => verification.state === 'opted-out', stage.signal);
  const stoppedAfterMs = performance.now() - askedMs;
  const held = await stage.agent.call<{ voiceprint: { status: string } | null }>(
    'GET',
    `/v1/customers/${customer.customerId}/voiceprint`,
  );
  return { stoppedAfterMs, voiceprintGone: held.voiceprint?.status !== 'active' };
}
