import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { CallSockets } from '../../src/telephony/call-sockets.js';
import { aFragment, fragmentNumber } from '../../tools/call/kinesis-media.js';
import { KinesisStandIn } from '../../tools/call/kinesis-stand-in.js';
import type { FakeCall } from './fake-intake.js';
import { startKinesis } from './kinesis-start.js';
import { awsPort, TelephonyServer } from './server.js';

// The real SDK against a server that stands in for AWS and misbehaves.
const server = new TelephonyServer();
const atMs = 1_700_000_000_000;
let aws: KinesisStandIn;

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(async () => {
  server.nowMs = Date.now();
  aws = await KinesisStandIn.listen(awsPort, 200);
});
afterEach(async () => {
  // What a test leaves open must not read at the next one's AWS.
  server.pass(60_000);
  while (server.app.get(CallSockets).size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await aws.close();
}, 60_000);

const samples = (value: number): Buffer => Buffer.from(new Int16Array(1000).fill(value).buffer);

/** An eighth of a second of the contact. */
function put(number: number, contactId: string): void {
  const producedMs = atMs + number * 125;
  const audio = { AUDIO_FROM_CUSTOMER: samples(number), AUDIO_TO_CUSTOMER: samples(-number) };
  const bytes = aFragment({ number, atMs: producedMs, audio, contactId });
  aws.put({ number: fragmentNumber(number), producedMs, bytes });
}

function customerOf(call: FakeCall): number[] {
  const all = new Int16Array(Uint8Array.from(call.bytes).buffer);
  return [...new Set(all.filter((_, i) => i % 2 === 0))];
}

const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('a call in a Kinesis video stream', () => {
  it('is read from where it began to where the next contact begins', async () => {
    const opened = server.intake.next();
    put(1, 'before');
    put(2, 'c-1');
    const { status, body } = await startKinesis(server, { startTimestampMs: atMs, customerId: 'ACC-1' });
    expect([status, body]).toEqual([202, { reading: true }]);
    const call = await opened;
    put(3, 'c-1');
    put(4, 'after');
    expect(await call.closed).toBe('ended');
    expect(call.description).toMatchObject({ externalId: 'c-1', claimedCustomer: 'ACC-1' });
    expect(customerOf(call)).toEqual([2, 3]);
    expect(call.lostMs).toEqual([]);
    expect(aws.reads).toEqual([{ StartSelectorType: 'PRODUCER_TIMESTAMP', StartTimestamp: atMs / 1000 }]);
  });

  it('goes on by token when bodies end without a word, break, are refused or hold rubbish', async () => {
    const opened = server.intake.next();
    await startKinesis(server, { contactId: 'c-2' });
    put(1, 'c-2');
    const call = await opened;
    const faults: (() => void)[] = [
      () => {
        aws.endBodies();
      },
      () => {
        aws.breakBodies();
      },
      () => {
        aws.misbehave.push(403);
        aws.endBodies();
      },
      () => {
        aws.misbehave.push(Buffer.alloc(64));
        aws.endBodies();
      },
    ];
    for (const [i, fault] of faults.entries()) {
      const reads = aws.reads.length;
      fault();
      put(i + 2, 'c-2');
      await until(() => aws.reads.length > reads && customerOf(call).includes(i + 2));
    }
    put(9, 'after');
    expect(await call.closed).toBe('ended');
    expect(customerOf(call)).toEqual([1, 2, 3, 4, 5]);
    expect(call.lostMs).toEqual([]);
    expect(aws.reads[1]).toEqual({
      StartSelectorType: 'CONTINUATION_TOKEN',
      ContinuationToken: fragmentNumber(1),
    });
  }, 120_000);

  it('is over when its stream stays silent', async () => {
    const opened = server.intake.next();
    await startKinesis(server, { contactId: 'c-3' });
    put(1, 'c-3');
    const call = await opened;
    await until(() => call.received.length > 0);
    server.pass(31_000);
    expect(await call.closed).toBe('ended');
    await until(() => server.app.get(CallSockets).size === 0);
  });

  it('is started once, however often it is said', async () => {
    const before = server.intake.calls.length;
    const opened = server.intake.next();
    const both = await Promise.all([1, 2].map(() => startKinesis(server, { contactId: 'c-4' })));
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    put(1, 'c-4');
    const call = await opened;
    put(2, 'after');
    await call.closed;
    expect(server.intake.calls).toHaveLength(before + 1);
  });

  it('is read beside as many others as there are', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => `many-${String(i)}`);
    const before = server.intake.calls.length;
    await Promise.all(ids.map((contactId) => startKinesis(server, { contactId, startTimestampMs: atMs })));
    // More than the SDK would hold connections by itself.
    expect(aws.reads.length).toBeGreaterThanOrEqual(100);
    expect(server.app.get(CallSockets).size).toBe(100);
    server.pass(31_000);
    await until(() => server.app.get(CallSockets).size === 0);
    expect(server.intake.calls).toHaveLength(before);
  }, 120_000);
});

describe('what starts one', () => {
  it('is refused with what AWS says of the stream', async () => {
    aws.misbehave.push(403);
    expect(await startKinesis(server, { contactId: 'c-5' })).toMatchObject({
      status: 502,
      body: { type: 'urn:timbre:problem:unreadable-stream', detail: 'NotAuthorizedException' },
    });
  });

  it.each([
    ['another secret', { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` }],
    ['a credential that is not there', { credentialId: '00000000-0000-4000-8000-000000000000' }],
    ['no signature', { headers: { 'webhook-signature': '' } }],
  ])('is refused under %s', async (_what, how) => {
    const { status } = await startKinesis(server, {}, how);
    expect(status).toBe(401);
  });

  it.each([
    ['streamArn', { streamArn: 'arn:aws:s3:::x' }],
    ['streamArn', { streamArn: 'arn:aws:kinesisvideo:evil.example.com:111122223333:stream/x/1' }],
    ['startFragmentNumber', { startFragmentNumber: 9.1e46 }],
    ['loud', { loud: true }],
  ])('names the wrong field: %s', async (field, request) => {
    expect(await startKinesis(server, request)).toMatchObject({
      status: 400,
      body: { errors: [{ field, expected: expect.any(String) }] },
    });
  });
});
