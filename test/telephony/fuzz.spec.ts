import { setImmediate as nextTurn } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { callProtocolNames, callProtocols } from '../../src/core/calls/protocols.js';
import { CallSockets } from '../../src/telephony/call-sockets.js';
import { telephonyErrors } from '../../src/telephony/errors.js';
import { type Frame, peers } from './peers.js';
import { TelephonyServer } from './server.js';

// The machines are fuzzed one by one beside their sources; here all that stands between them and a socket is as well.
const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

type Step =
  | { readonly kind: 'say' | 'cut' | 'repeat'; readonly nth: number; readonly cut: number }
  | { readonly kind: 'raw'; readonly frame: Frame };

const audio: Step = { kind: 'raw', frame: Buffer.alloc(640) };
const huge: Step = { kind: 'raw', frame: `{"x":"${'y'.repeat(70_000)}"}` };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('say', 'cut', 'repeat'), nth: fc.nat(9), cut: fc.nat(200) }),
  },
  {
    weight: 2,
    arbitrary: fc
      .oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 40 }))
      .map((frame) => ({ kind: 'raw' as const, frame })),
  },
  { weight: 3, arbitrary: fc.constant(audio) },
  { weight: 1, arbitrary: fc.constant(huge) },
);

function framesOf(one: Step, talk: readonly Frame[]): Frame[] {
  if (one.kind === 'raw') return [one.frame];
  const said = talk[one.nth % talk.length] ?? '';
  if (one.kind === 'repeat') return [said, said];
  return [one.kind === 'cut' ? said.slice(0, one.cut) : said];
}

/** Codes that Timbre may close with; 1005 and 1006 are the client's own going away. */
const codes = new Set([
  1000,
  1005,
  1006,
  ...Object.values(telephonyErrors).map(({ closeCode }) => closeCode),
]);

describe.each(callProtocolNames)('whatever comes over %s', (protocol) => {
  it('ends every call once and every socket with a code of the table, and leaves nothing behind', async () => {
    const before = server.intake.calls.length;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.boolean(), async (steps, inOrder) => {
        // Signatures are made now.
        server.nowMs = Date.now();
        const line = await peers[protocol].dial(server);
        if (inOrder) for (const frame of line.words.slice(0, 2)) line.send(frame);
        for (const frame of steps.flatMap((one) => framesOf(one, line.words))) line.send(frame);
        await line.taken();
        line.hangUp();
        expect(codes).toContain((await line.closed).code);
      }),
      { numRuns: 25 },
    );
    await Promise.all(server.intake.calls.slice(before).map(({ closed }) => closed));
    // The client's end of a socket is gone a turn before the server's.
    while (server.app.get(CallSockets).size > 0) await nextTurn();
    // FakeIntake throws on what no adapter may do, such as audio after the end: that would close with 1011.
    const failed = { path: callProtocols[protocol].at };
    expect(await server.count('timbre_ws_handler_failures_total', failed)).toBe(0);
    expect(await server.count('timbre_ws_open', failed)).toBe(0);
  }, 60_000);
});
