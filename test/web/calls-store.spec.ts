import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LiveEvent, LiveFlag, SnapshotCall } from '../../src/web/agent/browser/api-types.js';
import { progressText } from '../../src/web/agent/browser/agent-states.js';
import { backoffMs } from '../../src/web/agent/browser/backoff.js';
import {
  applyMessage,
  dropEnded,
  inOrder,
  keepEndedMs,
  noCalls,
  shownFlag,
  type CallsState,
} from '../../src/web/agent/browser/calls-store.js';
import { problemText } from '../../src/web/common/browser/requests.js';
import { aResult, type ResultParts } from './support/results.js';

const at = '2026-03-01T09:30:00.000Z';
const aCall = (parts: ResultParts = {}, openedAt = at): SnapshotCall => {
  const result = aResult(parts);
  return {
    callId: result.callId,
    externalId: result.externalId,
    openedAt,
    closedAt: null,
    result,
    flags: [],
    accountEvents: [],
  };
};
const showing = (...calls: SnapshotCall[]): CallsState =>
  applyMessage(noCalls, { type: 'snapshot', id: '7', calls });
const aFlag = (parts: Partial<LiveFlag>): LiveFlag => ({
  flagId: 'f1',
  customerId: null,
  severity: 'medium',
  state: 'open',
  reasons: [],
  ...parts,
});
const flagEvent = (call: SnapshotCall, id: string, flag: LiveFlag): LiveEvent => ({
  type: 'event',
  id,
  callId: call.callId,
  at,
  kind: 'flag',
  payload: flag,
});

describe("the page's calls", () => {
  it('takes a snapshot for all there is, also when it knew other calls before', () => {
    const [before, now] = [aCall(), aCall()];
    const state = applyMessage(showing(before), { type: 'snapshot', id: '9', calls: [now] });
    expect([...state.calls.keys()]).toEqual([now.callId]);
    expect(state.lastEventId).toBe('9');
  });

  it('remembers the last event it has, whatever its kind', () => {
    const call = aCall();
    const event = { type: 'event', id: '8', callId: call.callId, at, kind: 'of-tomorrow', payload: {} };
    expect(applyMessage(showing(call), event as unknown as LiveEvent).lastEventId).toBe('8');
    expect(applyMessage(showing(call), { type: 'caught-up', id: '12' }).lastEventId).toBe('12');
    expect(applyMessage(showing(call), { type: 'heartbeat' }).lastEventId).toBe('7');
  });

  it('shows a call from its beginning to its end', () => {
    const result = aResult({ externalId: 'LN-1' });
    const event = { type: 'event', callId: result.callId, at } as const;
    const opened = applyMessage(noCalls, { ...event, id: '1', kind: 'opened', payload: result });
    expect(inOrder(opened)[0]).toMatchObject({ externalId: 'LN-1', closedAt: null });
    const closed = applyMessage(opened, { ...event, id: '2', kind: 'closed', payload: { result } });
    expect(inOrder(closed)[0]?.closedAt).toBe(at);
  });

  it('does not bring back a call that it let go', () => {
    const { callId, result } = aCall();
    const late: LiveEvent = { type: 'event', id: '8', callId, at, kind: 'result', payload: result };
    expect(applyMessage(showing(), late).calls.size).toBe(0);
  });

  it('lets ended calls go after two minutes, but never the one that is looked at', () => {
    const ended = { ...aCall(), closedAt: at };
    const later = Date.parse(at) + keepEndedMs;
    expect(dropEnded(showing(ended), later - 1, null).calls.size).toBe(1);
    expect(dropEnded(showing(ended), later, null).calls.size).toBe(0);
    expect(dropEnded(showing(ended), later, ended.callId).calls.size).toBe(1);
  });

  it('lists live calls before ended ones, newest first', () => {
    const old = aCall({}, '2026-03-01T09:00:00.000Z');
    const young = aCall({}, '2026-03-01T09:10:00.000Z');
    const ended = { ...aCall({}, '2026-03-01T09:20:00.000Z'), closedAt: at };
    expect(inOrder(showing(old, ended, young))).toEqual(
      [young, old, ended].map((call) => expect.objectContaining({ callId: call.callId })),
    );
  });

  it('replaces a flag by its newer self, and shows the gravest of the customer named now', () => {
    const call = aCall();
    const customerId = call.result.claimedCustomerId;
    const state = [
      flagEvent(call, '8', aFlag({ customerId, severity: 'low' })),
      flagEvent(call, '9', aFlag({ customerId, severity: 'high' })),
      flagEvent(call, '10', aFlag({ flagId: 'f2', severity: 'medium' })),
      flagEvent(call, '11', aFlag({ flagId: 'f3', customerId: 'someone else', severity: 'critical' })),
    ].reduce(applyMessage, showing(call));
    const view = inOrder(state)[0]!;
    expect(view.flags).toHaveLength(3);
    expect(shownFlag(view)).toMatchObject({ flagId: 'f1', severity: 'high' });
  });
});

describe('words and waits of the page', () => {
  it('says progress in seconds, never more than is needed and never rounded up', () => {
    expect(progressText({ netSpeechMs: 3200, neededMs: 5000 })).toBe('3.2 of 5 seconds of speech');
    expect(progressText({ netSpeechMs: 4990, neededMs: 5000 })).toBe('4.9 of 5 seconds of speech');
    expect(progressText({ netSpeechMs: 6000, neededMs: 5000 })).toBe('5 of 5 seconds of speech');
  });

  it('waits longer after each failure, up to a bound, and never all pages at once', () => {
    expect([0, 1, 2, 3, 20].map((attempt) => backoffMs(attempt, 1))).toEqual([500, 1000, 2000, 4000, 15_000]);
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = backoffMs(attempt, random);
        return wait >= 0 && wait <= 15_000;
      }),
    );
  });

  it('says what a problem says, with the field that was wrong', () => {
    expect(problemText({ title: 'No such customer' })).toBe('No such customer');
    expect(
      problemText({
        title: 'Bad',
        detail: 'The input is not valid.',
        errors: [{ field: 'customer', expected: 'an id' }],
      }),
    ).toBe('The input is not valid. customer: an id');
  });
});
