import { describe, expect, it } from '@jest/globals';

import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { bandwidth } from './bandwidth-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const packet = Buffer.alloc(160, 0x55);

function aMachine(): MediaStreamMachine {
  return new MediaStreamMachine(bandwidth, undefined, timeouts, 0);
}

function start(metadata: object = {}, more: object = {}): string {
  const said = { accountId: '99', callId: 'c-1', streamId: 's-1', streamName: 'x', ...metadata };
  return JSON.stringify({ eventType: 'start', metadata: said, ...more });
}

function media(track: string, sequenceNumber: number): string {
  const payload = packet.toString('base64');
  return JSON.stringify({ eventType: 'media', track, payload, sequenceNumber: String(sequenceNumber) });
}

describe('a call over Bandwidth', () => {
  it.each([
    ['beside metadata', {}, { streamParams: { customerId: 'ACC-1', from: '+15550100', queue: 'a' } }],
    ['inside metadata', { streamParams: { customerId: 'ACC-1', from: '+15550100', queue: 'a' } }, {}],
  ])('is described by its parameters, %s', (_, metadata, more) => {
    expect(aMachine().text(start(metadata, more), 0)).toMatchObject([
      {
        kind: 'open',
        description: {
          protocol: 'bandwidth',
          externalId: 'c-1',
          format: { encoding: 'mulaw', sampleRateHz: 8000, channels: 1, callerChannel: 0 },
          ani: '+15550100',
          claimedCustomer: 'ACC-1',
          metadata: { queue: 'a' },
          streamKey: 'c-1',
        },
      },
    ]);
  });

  it.each([
    ['names', ['inbound', 'outbound']],
    ['objects', [{ name: 'inbound', mediaFormat: { encoding: 'audio/PCMU' } }, { name: 'outbound' }]],
  ])("has the agent's side too where its tracks say so, as %s", (_, tracks) => {
    expect(aMachine().text(start({ tracks }), 0)).toMatchObject([
      { description: { format: { channels: 2 } } },
    ]);
  });

  it('places each packet behind the one before, and ends with stop or with its socket', () => {
    const machine = aMachine();
    machine.text(start(), 0);
    expect([1, 2, 3].flatMap((n) => machine.text(media(n === 2 ? 'outbound' : 'inbound', n), 0))).toEqual([
      { kind: 'audio', bytes: packet, positionMs: 0 },
      { kind: 'audio', bytes: packet, positionMs: 20 },
    ]);
    const stop = JSON.stringify({ eventType: 'stop', metadata: { streamId: 's-1' } });
    expect(machine.text(stop, 0)).toEqual([{ kind: 'end', reason: 'ended' }]);
    const closed = aMachine();
    closed.text(start(), 0);
    expect(closed.disconnected(1000)).toEqual([{ kind: 'end', reason: 'ended' }]);
    const broken = aMachine();
    broken.text(start(), 0);
    expect(broken.disconnected(1006)).toEqual([{ kind: 'end', reason: 'disconnected' }]);
  });

  it.each([['callId'], ['streamId']])('is refused without %s', (field) => {
    expect(aMachine().text(start({ [field]: undefined }), 0)).toContainEqual({
      kind: 'close',
      closeCode: 4002,
      reason: 'invalid-field',
    });
  });
});
