import { describe, expect, it } from '@jest/globals';

import { aResult } from '../../../test/telephony/builders.js';
import type { CallResult } from '../../core/calls/result.js';
import type { VerificationReason, VerificationState } from '../../core/speaker/verification.js';
import type { ProtocolActions } from '../protocol-machine.js';
import { AudiohookMachine } from './audiohook-machine.js';

const sessionId = '30b0e395-84d3-4570-ac13-9a62d8f514c0';
const organizationId = 'd7934305-0972-4844-938e-9060eef73d05';
const conversationId = '5cf37f24-5b3b-4b5c-8b0c-2f3f2b3f9c11';
const external = { type: 'audio', format: 'PCMU', channels: ['external'], rate: 8000 };

function message(type: string, seq: number, parameters: object): string {
  return JSON.stringify({
    version: '2',
    id: sessionId,
    type,
    seq,
    serverseq: 0,
    position: 'PT0S',
    parameters,
  });
}

function openMessage(more: object): string {
  const participant = { id: sessionId, ani: 'tel:+15550100', aniName: '', dnis: 'tel:+15550199' };
  return message('open', 1, { organizationId, conversationId, participant, media: [external], ...more });
}

/** A session that Architect's Call Audio Connector action has opened. */
function aConnector(inputVariables?: object, more: object = {}): [AudiohookMachine, ProtocolActions] {
  const machine = new AudiohookMachine(
    { sessionId, organizationId },
    { firstMessageMs: 5000, silenceMs: 60_000 },
    0,
  );
  const opened = machine.text(openMessage({ ...(inputVariables && { inputVariables }), ...more }), 0);
  machine.opened();
  return [machine, opened];
}

function heard(state: VerificationState, reason: VerificationReason = 'not-enough-speech'): CallResult {
  const { verification, ...result } = aResult();
  return { ...result, verification: { ...verification, state, reason } };
}

const saidIn = (actions: ProtocolActions): unknown[] =>
  actions.flatMap((action) => (action.kind === 'send' ? [action.message] : []));

describe('a session of a Genesys Audio Connector', () => {
  it('takes the claim and the facts from the flow’s input variables, before what the integration says of every call', () => {
    const [, opened] = aConnector(
      { customerId: 'ACC-1', direction: 'inbound', attestation: 'B', reason: 'payout', listenSeconds: '30' },
      { customConfig: { customerId: 'nobody', site: 'Porto' } },
    );
    expect(opened[0]).toMatchObject({
      kind: 'open',
      description: {
        externalId: conversationId,
        ani: '+15550100',
        claimedCustomer: 'ACC-1',
        direction: 'inbound',
        attestation: 'B',
        metadata: { site: 'Porto', reason: 'payout', listenSeconds: '30' },
      },
    });
  });

  it.each([
    ['accepted', 'evidence-above-accept-threshold'],
    ['rejected', 'evidence-below-reject-threshold'],
    ['no-consent', 'consent-missing'],
    ['opted-out', 'consent-withdrawn'],
    ['not-enrolled', 'voiceprint-missing'],
    ['enrolment-incomplete', 'enrolment-under-way'],
    ['expired', 'voiceprint-past-retention'],
  ] as const)('hands the flow back at once when the caller is %s', (state, reason) => {
    const [machine] = aConnector({ customerId: 'ACC-1' });
    expect(machine.result(heard('collecting'))).toEqual([]);
    const actions = machine.result(heard(state, reason));
    expect(saidIn(actions)).toMatchObject([
      {
        type: 'disconnect',
        parameters: {
          reason: 'completed',
          outputVariables: { timbreState: state, timbreReason: reason, timbreCallId: aResult().callId },
        },
      },
    ]);
    expect(actions.at(-1)).toEqual({ kind: 'end', reason: 'ended' });
    // Nothing is said twice, and the client's close is answered as ever.
    expect(machine.result(heard(state))).toEqual([]);
    machine.flushed();
    expect(saidIn(machine.text(message('close', 2, { reason: 'disconnect' }), 1))).toMatchObject([
      { type: 'closed' },
    ]);
  });

  it('has nothing but texts for a flow, and no figure', () => {
    const [machine] = aConnector({});
    const [said] = saidIn(machine.result(heard('accepted'))) as [{ parameters: { outputVariables: object } }];
    for (const value of Object.values(said.parameters.outputVariables)) expect(typeof value).toBe('string');
    expect(JSON.stringify(said.parameters)).not.toMatch(/llr|posterior/);
  });

  it.each([
    ['collecting', 'not-enough-speech'],
    ['inconclusive', 'evidence-between-thresholds'],
    ['not-claimed', 'no-customer-claimed'],
    ['no-consent', 'gate-unavailable'],
  ] as const)('listens on while the caller is %s (%s), for 20 s and no longer', (state, reason) => {
    const [machine] = aConnector({});
    expect(machine.result(heard(state, reason))).toEqual([]);
    expect(machine.tick(19_999)).toEqual([]);
    expect(saidIn(machine.tick(20_000))).toMatchObject([
      { type: 'disconnect', parameters: { reason: 'completed', outputVariables: { timbreState: state } } },
    ]);
    expect(machine.tick(20_500)).toEqual([]);
  });

  it('hands the flow back even when nothing was found out at all', () => {
    const [machine] = aConnector({});
    expect(saidIn(machine.tick(20_000))).toMatchObject([
      { parameters: { outputVariables: { timbreState: 'not-claimed', timbreAgentState: 'not-sure-yet' } } },
    ]);
  });

  it.each([
    ['5', 5],
    ['60', 60],
    ['61', 20],
    ['0', 20],
    ['soon', 20],
    ['', 20],
    [7, 20],
  ])('listens for as long as the flow says: listenSeconds %p is %d s', (listenSeconds, seconds) => {
    const [machine] = aConnector({ listenSeconds });
    expect(machine.tick(seconds * 1000 - 1)).toEqual([]);
    expect(saidIn(machine.tick(seconds * 1000))).toHaveLength(1);
  });

  it('lets the flow go on with what is known when Timbre shuts down', () => {
    const [machine] = aConnector({});
    machine.result(heard('collecting'));
    expect(saidIn(machine.ended('shutdown'))).toMatchObject([
      {
        type: 'disconnect',
        parameters: { reason: 'completed', outputVariables: { timbreState: 'collecting' } },
      },
    ]);
  });
});

it('leaves AudioHook Monitor, which has no input variables, alone with results', () => {
  const [machine] = aConnector(undefined);
  expect(machine.result(heard('accepted'))).toEqual([]);
  expect(machine.tick(50_000)).toEqual([]);
});
