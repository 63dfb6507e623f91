import type {
  CallResult,
  EnrolmentOutcome,
  LiveEvent,
  LiveFlag,
  LiveMessage,
  RecordedAccountEvent,
} from './api-types.js';

export interface CallView {
  readonly callId: string;
  readonly externalId: string | null;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly result: CallResult;
  readonly flags: readonly LiveFlag[];
  /** Oldest first. */
  readonly accountEvents: readonly RecordedAccountEvent[];
  readonly enrolment: EnrolmentOutcome | null;
}

/** What the page knows: calls by id, and the id of the last event in it. */
export interface CallsState {
  readonly lastEventId: string | null;
  readonly calls: ReadonlyMap<string, CallView>;
}

export const noCalls: CallsState = { lastEventId: null, calls: new Map() };

/** Ended calls stay this long beside the live ones, or as long as one is looked at. */
export const keepEndedMs = 120_000;

export function applyMessage(state: CallsState, message: LiveMessage): CallsState {
  switch (message.type) {
    case 'snapshot':
      return {
        lastEventId: message.id,
        calls: new Map(message.calls.map((call) => [call.callId, { ...call, enrolment: null }])),
      };
    case 'event':
      return applyEvent(state, message);
    case 'caught-up':
      return { ...state, lastEventId: message.id };
    case 'heartbeat':
    case 'pong':
    case 'error':
      return state;
  }
}

function applyEvent(state: CallsState, event: LiveEvent): CallsState {
  const known = state.calls.get(event.callId);
  const call = known === undefined ? begun(event) : changed(known, event);
  const calls = call === undefined ? state.calls : new Map(state.calls).set(event.callId, call);
  return { lastEventId: event.id, calls };
}

/** Of a call that was not in the snapshot: only its beginning is news. */
function begun(event: LiveEvent): CallView | undefined {
  if (event.kind !== 'opened') return undefined;
  return {
    callId: event.callId,
    externalId: event.payload.externalId,
    openedAt: event.at,
    closedAt: null,
    result: event.payload,
    flags: [],
    accountEvents: [],
    enrolment: null,
  };
}

function changed(call: CallView, event: LiveEvent): CallView {
  switch (event.kind) {
    case 'opened':
    case 'result':
      return { ...call, result: event.payload };
    case 'claimed':
      return call; // the result that follows says so too, with what it means
    case 'account-event':
      return { ...call, accountEvents: [...call.accountEvents, { kind: event.payload.kind, at: event.at }] };
    case 'flag': {
      const others = call.flags.filter(({ flagId }) => flagId !== event.payload.flagId);
      return { ...call, flags: [...others, event.payload] };
    }
    case 'enrolment':
      return { ...call, enrolment: event.payload };
    case 'closed':
      return { ...call, closedAt: event.at, result: event.payload.result };
    case 'resumed':
      // Its process was taken for lost and is back.
      return { ...call, closedAt: null };
    default:
      return call;
  }
}

const severityOrder: Record<LiveFlag['severity'], number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** The gravest flag of the call for the customer named now; a call claimed for two customers may have one for each. */
export function shownFlag({ flags, result }: CallView): LiveFlag | undefined {
  return flags
    .filter(({ customerId }) => customerId === null || customerId === result.claimedCustomerId)
    .sort((a, b) => severityOrder[b.severity] - severityOrder[a.severity])[0];
}

export function dropEnded(state: CallsState, nowMs: number, keepCallId: string | null): CallsState {
  const calls = new Map(
    [...state.calls].filter(
      ([callId, { closedAt }]) =>
        callId === keepCallId || closedAt === null || nowMs - Date.parse(closedAt) < keepEndedMs,
    ),
  );
  return calls.size === state.calls.size ? state : { ...state, calls };
}

/** Live calls first, newest first within each. */
export function inOrder(state: CallsState): CallView[] {
  return [...state.calls.values()].sort(
    (a, b) =>
      Number(a.closedAt !== null) - Number(b.closedAt !== null) || b.openedAt.localeCompare(a.openedAt),
  );
}
