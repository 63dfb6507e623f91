import { describe, expect, it } from '@jest/globals';

import { plivoPlatform as platform } from '../../../test/telephony/media-streams.js';
import { MediaStreamMachine } from '../media-streams/media-stream-machine.js';
import { plivo } from './plivo-dialect.js';

const timeouts = { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 };
const aMachine = (): MediaStreamMachine => new MediaStreamMachine(plivo, undefined, timeouts, 0);

describe('a call over Plivo', () => {
  it.each([
    ['pairs with semicolons', 'customerId=ACC1;from=15550100;queue=a'],
    ['pairs with commas', 'customerId: ACC1, from: 15550100, queue: a'],
    ['SIP headers', 'X-PH-customerId=ACC1;X-PH-from=15550100;X-PH-queue=a'],
    ['JSON', '{"customerId":"ACC1","from":"15550100","queue":"a"}'],
    ['braces alone', '{customerId=ACC1;from=15550100;queue=a}'],
    ['an object', { customerId: 'ACC1', from: 15550100, queue: 'a' }],
  ])('takes its extra headers as %s', (_, headers) => {
    const start = { ...platform.start(), extra_headers: headers };
    expect(aMachine().text(JSON.stringify(start), 0)).toMatchObject([
      { description: { claimedCustomer: 'ACC1', ani: '15550100', metadata: { queue: 'a' } } },
    ]);
  });

  it.each([[undefined], [null], [''], [7], [[]]])('does without them: %p', (headers) => {
    const start = { ...platform.start(), extra_headers: headers };
    expect(aMachine().text(JSON.stringify(start), 0)).toMatchObject([
      { kind: 'open', description: { externalId: 'c1', metadata: {} } },
    ]);
  });

  it.each([8000, 16000])('takes L16 at %d Hz', (sampleRate) => {
    const start = platform.start({ encoding: 'audio/x-l16', sampleRate });
    expect(aMachine().text(JSON.stringify(start), 0)).toMatchObject([
      { description: { format: { encoding: 'l16', sampleRateHz: sampleRate } } },
    ]);
  });

  it('ends with its socket, since Plivo says no stop', () => {
    const machine = aMachine();
    machine.text(JSON.stringify(platform.start()), 0);
    expect(machine.disconnected(1005)).toEqual([{ kind: 'end', reason: 'ended' }]);
  });
});
