import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClientOptions } from 'ws';

import { Client } from './client.js';
import { exotelPlatform, signalwirePlatform, telnyxPlatform } from './media-streams.js';
import { TelephonyServer, tenantId } from './server.js';

const server = new TelephonyServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const basic = (password: string): ClientOptions => ({
  headers: { authorization: `Basic ${Buffer.from(`any:${password}`).toString('base64')}` },
});
const telnyxToken = (token: string): ClientOptions => ({
  headers: { 'x-telnyx-streaming-auth-token': token },
});

/** Each platform with the way in which it presents a token. */
const dialects = [
  ['telnyx', telnyxPlatform, telnyxToken],
  ['signalwire', signalwirePlatform, (token: string) => Client.bearer(token)],
  ['exotel', exotelPlatform, basic],
] as const;

describe.each(dialects)('/v1/telephony/%s', (protocol, platform, present) => {
  const url = (): string => `${server.url}/v1/telephony/${protocol}`;
  const count = (code: string): Promise<number> =>
    server.count('timbre_telephony_errors_total', { protocol, code });

  async function aCall() {
    const client = await Client.open(url(), present('telephony'));
    const opened = server.intake.next();
    client.send(platform.connected);
    client.send(platform.start(undefined, { customerId: 'ACC-1' }));
    return { client, call: await opened };
  }

  it("brings the caller's audio and gaps to the intake, and never sends", async () => {
    const { client, call } = await aCall();
    expect(call.description).toMatchObject({ tenantId, protocol, claimedCustomer: 'ACC-1' });
    client.send(platform.media({ chunk: 1, sequence: 2, timestampMs: 0 }));
    client.send(platform.media({ chunk: 2, sequence: 3, timestampMs: platform.packetMs + 500 }));
    call.tell({});
    client.send(platform.stop());
    expect(await call.closed).toBe('ended');
    expect(await client.closed).toEqual({ code: 1000, reason: 'stopped' });
    expect(call.received.map(({ positionMs }) => positionMs)).toEqual([0, platform.packetMs + 500]);
    expect(call.lostMs).toEqual([500]);
    expect(client.heard).toEqual([]);
  });

  it('ends the call when the platform goes away', async () => {
    const { client, call } = await aCall();
    client.hangUp();
    expect(await call.closed).toBe('disconnected');
  });

  it('refuses a missing or unknown token with 401, one of another role with 403', async () => {
    expect((await Client.refused(url())).status).toBe(401);
    expect((await Client.refused(url(), present('unknown'))).status).toBe(401);
    expect((await Client.refused(url(), present('agent'))).status).toBe(403);
    expect((await Client.refused(`${url()}?token=telephony`)).status).toBe(401);
  });

  it('closes a faulty socket with its own code, counts it and leaves the others alone', async () => {
    const bystander = await aCall();
    const before = await count('unsupported-format');
    const client = await Client.open(url(), present('telephony'));
    client.send(platform.connected);
    client.send(platform.start(platform.foreign[0]));
    expect(await client.closed).toEqual({ code: 4003, reason: 'unsupported-format' });
    expect(client.heard).toEqual([]);
    expect(await count('unsupported-format')).toBe(before + 1);

    const large = await aCall();
    large.client.send(platform.media({ bytes: Buffer.alloc(65_536) }));
    expect(await large.client.closed).toEqual({ code: 1009, reason: 'oversize-frame' });
    expect(await large.call.closed).toBe('protocol-error');

    bystander.client.send(platform.media());
    bystander.client.send(platform.stop());
    expect((await bystander.client.closed).code).toBe(1000);
    expect(bystander.call.received).toHaveLength(1);
  });
});

describe('audio that Telnyx delivers out of order', () => {
  it('reaches the call in order, the missing packet counted as lost', async () => {
    const client = await Client.open(`${server.url}/v1/telephony/telnyx`, telnyxToken('telephony'));
    const opened = server.intake.next();
    client.send(telnyxPlatform.connected);
    client.send(telnyxPlatform.start());
    for (const chunk of [2, 1, 4]) {
      const bytes = Buffer.alloc(160, chunk);
      client.send(telnyxPlatform.media({ chunk, timestampMs: (chunk - 1) * 20, bytes }));
    }
    client.send(telnyxPlatform.stop());
    const call = await opened;
    await call.closed;
    expect(call.received.map(({ bytes }) => bytes[0])).toEqual([1, 2, 4]);
    expect(call.lostMs).toEqual([20]);
  });
});
