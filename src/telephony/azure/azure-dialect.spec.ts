import { describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../json-object.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import type { ProtocolActions } from '../protocol-machine.js';
import { azureAt } from './azure-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };

/** The shapes of azure-sdk-for-js, communication-call-automation, streamingData tests; values of ours. */
const metadata = (fields: object = {}): string =>
  JSON.stringify({
    kind: 'AudioMetadata',
    audioMetadata: {
      subscriptionId: 's-1',
      encoding: 'PCM',
      sampleRate: 16000,
      channels: 1,
      length: 640,
      ...fields,
    },
  });
const audio = (participantRawID: string | undefined, atMs = 0, fill = 1): string =>
  JSON.stringify({
    kind: 'AudioData',
    audioData: {
      timestamp: new Date(Date.UTC(2026, 0, 1) + atMs).toISOString(),
      participantRawID,
      data: Buffer.alloc(640, fill).toString('base64'),
      silent: false,
    },
  });

function aMachine(query: JsonObject, connectionId?: string): MediaStreamMachine {
  return new MediaStreamMachine(azureAt(query, connectionId), undefined, timeouts, 0);
}

const heard = (actions: ProtocolActions): unknown[] =>
  actions.flatMap((action) => (action.kind === 'audio' ? [[action.bytes[0], action.positionMs]] : []));

describe('a call over Azure Communication Services', () => {
  it('is described by the query and known by its call connection', () => {
    const query = { mix: 'mono', customerId: 'ACC-1', from: '+12025550142', to: '+12025550100', queue: 'a' };
    expect(aMachine(query, 'conn-1').text(metadata(), 0)).toEqual([
      {
        kind: 'open',
        description: {
          protocol: 'azure',
          externalId: 'conn-1',
          format: { encoding: 'l16', sampleRateHz: 16000, channels: 1, callerChannel: 0 },
          ani: '+12025550142',
          dnis: '+12025550100',
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'a' },
          streamKey: 'conn-1',
          resumes: ['conn-1'],
        },
      },
    ]);
  });

  it.each([
    ['the query', { callId: 'q-1' }, 'q-1'],
    ['the subscription', {}, 's-1'],
  ])('without a call connection is known by %s', (_, query, externalId) => {
    expect(aMachine(query).text(metadata(), 0)).toMatchObject([{ description: { externalId } }]);
  });

  it('is a mix of all voices unless it is said to be none', () => {
    const machine = aMachine({});
    expect(machine.text(metadata(), 0)).toMatchObject([{ description: { mixed: true } }]);
    expect(heard(machine.text(audio(undefined), 0))).toEqual([[1, 0]]);
    expect(aMachine({ mix: 'mono' }).text(metadata(), 0)[0]).not.toHaveProperty('description.mixed');
  });

  it('hears of the participants of an unmixed stream the phone, the first that speaks, and nobody else', () => {
    const machine = aMachine({ mix: 'mono' });
    machine.text(metadata(), 0);
    const said = [audio('8:acs:agent', 0, 9), audio('4:+12025550142', 0, 1), audio('4:+12025550199', 20, 9)];
    const later = [audio('28:bot', 20, 9), audio('4:+12025550142', 20, 2)];
    expect([...said, ...later].flatMap((text) => heard(machine.text(text, 0)))).toEqual([
      [1, 0],
      [2, 20],
    ]);
  });

  it('hears the phone of the number that it was told', () => {
    const machine = aMachine({ mix: 'mono', from: '+12025550142' });
    machine.text(metadata(), 0);
    expect(heard(machine.text(audio('4:+12025550199', 0, 9), 0))).toEqual([]);
    expect(heard(machine.text(audio('4:+12025550142', 0, 1), 0))).toEqual([[1, 0]]);
  });

  it('counts a gap in its timestamps as lost audio', () => {
    const machine = aMachine({});
    machine.text(metadata(), 0);
    machine.text(audio(undefined, 0), 0);
    expect(machine.text(audio(undefined, 1020), 0)).toMatchObject([
      { kind: 'lost', durationMs: 1000 },
      { kind: 'audio', positionMs: 1020 },
    ]);
  });

  it('ends with its socket, skips tones, and is refused in a format that Timbre does not take', () => {
    const machine = aMachine({});
    machine.text(metadata(), 0);
    expect(machine.text('{"kind":"DtmfData","dtmfData":{"data":"5"}}', 0)).toEqual([]);
    expect(machine.disconnected(1000)).toEqual([{ kind: 'end', reason: 'ended' }]);
    for (const fields of [{ encoding: 'OPUS' }, { sampleRate: 44100 }, { channels: 2 }]) {
      expect(aMachine({}).text(metadata(fields), 0)).toContainEqual({
        kind: 'close',
        closeCode: 4003,
        reason: 'unsupported-format',
      });
    }
  });
});
