import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CallProtocol, callProtocolNames } from '../../src/core/calls/protocols.js';
import { type Line, peers } from './peers.js';
import {
  audiohookCredential,
  kinesisCredential,
  TelephonyServer,
  tokenId,
  twilioCredential,
} from './server.js';

let server: TelephonyServer;
beforeAll(async () => {
  server = await new TelephonyServer().start();
});
afterAll(async () => {
  await server.stop();
});

/** What each protocol's platform is let in by; a token unless told. */
const letInBy: Partial<Record<CallProtocol, string>> = {
  twilio: twilioCredential.credentialId,
  audiohook: audiohookCredential.credentialId,
  kinesis: kinesisCredential.credentialId,
};

/** Says what the platform says, as far as the call's beginning. */
async function begin(line: Line): Promise<void> {
  const before = server.intake.calls.length;
  const opened = server.intake.next();
  for (const word of line.words) {
    line.send(word);
    await line.taken();
    if (server.intake.calls.length > before) return;
  }
  await opened;
}

describe.each(callProtocolNames)('a %s stream whose token or credential is revoked', (protocol) => {
  it('is ended with its call, in its own words', async () => {
    // A signed upgrade is good for seconds of the server's clock.
    server.nowMs = Date.now();
    const line = await peers[protocol].dial(server);
    await begin(line);
    const call = server.intake.calls.at(-1)!;
    expect(server.accesses.ids).toEqual([letInBy[protocol] ?? tokenId]);
    server.accesses.end();
    expect(await call.closed).toBe('access-ended');
    const { code } = await line.closed;
    // Nothing is said to whom is only read.
    expect(code).toBe(protocol === 'kinesis' ? 1000 : 1008);
    expect(await server.count('timbre_telephony_errors_total', { protocol, code: 'access-ended' })).toBe(1);
    expect(server.accesses.ids).toEqual([]);
  });
});
