import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import type { TenantId } from '../../src/core/ids.js';
import { startLiveApp, type LiveApp } from './support/live-app.js';
import { aCallId, aResult } from './support/results.js';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly callId: string;
  readonly kind: string;
  readonly payload: { readonly verification: { readonly netSpeechMs: number } };
  readonly calls: readonly { readonly callId: string }[];
}

/** A client that keeps what it was sent; `until` waits for the first message that fits. */
class Listener {
  readonly messages: Message[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly ws: WebSocket;
  private waiting: (() => void)[] = [];

  constructor(url: string, token: string, protocols?: string[]) {
    this.ws = new WebSocket(url, protocols ?? ['timbre.v1', `bearer.${token}`]);
    this.ws.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as Message);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  async until(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  get events(): Message[] {
    return this.messages.filter((message) => message.type === 'event');
  }
}

describe('/v1/live', () => {
  let app: LiveApp;
  let tenantId: TenantId;
  let token: string;
  const listeners: Listener[] = [];

  const listen = (query = '', as = token): Listener => {
    const listener = new Listener(app.wsUrl + query, as);
    listeners.push(listener);
    return listener;
  };
  const refusal = (url: string, protocols: string[], headers = {}): Promise<number | undefined> =>
    new Promise((resolve) => {
      const ws = new WebSocket(url, protocols, { headers });
      ws.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        ws.terminate();
      });
      ws.on('error', () => undefined);
    });
  const caughtUp = (listener: Listener): Promise<Message> =>
    listener.until(({ type }) => type === 'caught-up');

  beforeAll(async () => {
    app = await startLiveApp();
    tenantId = await app.tenant();
    ({ token } = await app.token(tenantId, 'agent'));
  });
  afterEach(() => {
    for (const listener of listeners.splice(0)) listener.ws.terminate();
  });
  afterAll(() => app.stop());

  it('refuses the upgrade without a token, with an unknown one and with a role that may not follow calls', async () => {
    const telephony = await app.token(tenantId, 'telephony');
    expect(await refusal(app.wsUrl, ['timbre.v1'])).toBe(401);
    expect(await refusal(app.wsUrl, ['timbre.v1', 'bearer.tmb_nothing'])).toBe(401);
    expect(await refusal(app.wsUrl, ['timbre.v1', `bearer.${telephony.token}`])).toBe(403);
  });

  it('takes the token as a header too, and never says a bearer subprotocol back', async () => {
    const ws = new WebSocket(app.wsUrl, ['timbre.v1'], { headers: { Authorization: `Bearer ${token}` } });
    await new Promise((resolve) => ws.once('open', resolve));
    expect(ws.protocol).toBe('timbre.v1');
    ws.terminate();
  });

  it('says over plain HTTP why a socket would be refused', async () => {
    const status = async (bearer: string): Promise<number> =>
      (await fetch(`${app.url}/v1/live`, { headers: { Authorization: `Bearer ${bearer}` } })).status;
    const { token: telephony } = await app.token(tenantId, 'telephony');
    expect(await status(token)).toBe(426);
    expect(await status(telephony)).toBe(403);
    expect(await status('tmb_nothing')).toBe(401);
  });

  it('begins with the calls open now, then sends what happens', async () => {
    const result = aResult({ externalId: 'first' });
    await app.openCall(tenantId, result);
    const listener = listen();
    const snapshot = await listener.until(({ type }) => type === 'snapshot');
    expect(snapshot.calls.map(({ callId }) => callId)).toContain(result.callId);
    await caughtUp(listener);
    await app.say(tenantId, aResult({ callId: result.callId, verification: { netSpeechMs: 4100 } }));
    const event = await listener.until(({ kind }) => kind === 'result');
    expect(event).toMatchObject({
      type: 'event',
      callId: result.callId,
      at: expect.any(String),
      payload: { verification: { netSpeechMs: 4100 } },
    });
  });

  it('keeps a call of the last two minutes in the snapshot, and says when it ended', async () => {
    const result = aResult();
    await app.openCall(tenantId, result);
    await app.closeCall(tenantId, result);
    const snapshot = await listen().until(({ type }) => type === 'snapshot');
    expect(snapshot.calls.find(({ callId }) => callId === result.callId)).toMatchObject({
      closedAt: expect.any(String),
      closeReason: 'ended',
    });
  });

  it('has the flag and the account events in the snapshot, without the evidence behind them', async () => {
    const result = aResult();
    await app.openCall(tenantId, result);
    await app.flagged(tenantId, result, ['The voice is not the customer’s.']);
    const snapshot = await listen(`?callId=${result.callId}`).until(({ type }) => type === 'snapshot');
    expect(snapshot.calls[0]).toMatchObject({
      flags: [{ customerId: result.claimedCustomerId, severity: 'high', state: 'open' }],
      accountEvents: [{ kind: 'payout', at: expect.any(String) }],
    });
    expect(JSON.stringify(snapshot)).not.toContain('inner');
  });

  it('resumes after the event it is told, without a gap and without a repeat, however far it is behind', async () => {
    const { callId } = aResult();
    await app.openCall(tenantId, aResult({ callId }));
    const first = listen();
    await caughtUp(first);
    await app.say(tenantId, aResult({ callId, verification: { netSpeechMs: 0 } }));
    const { id } = await first.until(({ type }) => type === 'event');
    first.ws.terminate();
    const missed = 450; // more than two pages of the log
    for (let n = 1; n <= missed; n++)
      void app.say(tenantId, aResult({ callId, verification: { netSpeechMs: n } }));
    await app.say(tenantId, aResult({ callId, verification: { netSpeechMs: missed + 1 } }));
    const second = listen(`?after=${id}`);
    // While it catches up more is said.
    for (let n = missed + 2; n <= missed + 50; n++) {
      await app.say(tenantId, aResult({ callId, verification: { netSpeechMs: n } }));
    }
    await second.until(
      (message) => message.type === 'event' && message.payload.verification.netSpeechMs === missed + 50,
    );
    const heard = second.events.map(({ payload }) => payload.verification.netSpeechMs);
    expect(heard).toEqual(Array.from({ length: missed + 50 }, (_, n) => n + 1));
    expect(second.messages.some(({ type }) => type === 'snapshot')).toBe(false);
  });

  it('begins anew when told of an event that this log never had', async () => {
    const listener = listen('?after=999999999999');
    await listener.until(({ type }) => type === 'snapshot');
    await caughtUp(listener);
  });

  it('follows one call only when asked for one', async () => {
    const [mine, other] = [aResult(), aResult()];
    await app.openCall(tenantId, mine);
    await app.openCall(tenantId, other);
    const listener = listen(`?callId=${mine.callId}`);
    const snapshot = await listener.until(({ type }) => type === 'snapshot');
    expect(snapshot.calls).toHaveLength(1);
    await caughtUp(listener);
    await app.say(tenantId, other);
    await app.say(tenantId, mine);
    await listener.until(({ kind }) => kind === 'result');
    expect(new Set(listener.events.map(({ callId }) => callId))).toEqual(new Set([mine.callId]));
  });

  it("shows nothing of another tenant's calls", async () => {
    const otherTenant = await app.tenant();
    const { token: theirs } = await app.token(otherTenant, 'admin');
    const result = aResult();
    await app.openCall(tenantId, result);
    const all = listen('', theirs);
    expect((await all.until(({ type }) => type === 'snapshot')).calls).toEqual([]);
    await caughtUp(all);
    await app.say(tenantId, result);
    const own = aResult();
    await app.openCall(otherTenant, own);
    await all.until(({ type }) => type === 'event');
    expect(all.events.map(({ callId }) => callId)).toEqual([own.callId]);
    expect((await listen(`?callId=${result.callId}`, theirs).closed).code).toBe(4404);
  });

  it('closes with 4404 for a call that is not there and 4400 for a query it does not know', async () => {
    expect((await listen(`?callId=${aCallId()}`).closed).code).toBe(4404);
    expect((await listen('?callId=one').closed).code).toBe(4400);
    expect((await listen('?after=yesterday').closed).code).toBe(4400);
    expect((await listen('?since=1').closed).code).toBe(4400);
  });

  it('answers a ping, and refuses whatever else it is sent', async () => {
    const listener = listen();
    await caughtUp(listener);
    listener.ws.send('{"type":"ping"}');
    await listener.until(({ type }) => type === 'pong');
    for (const wrong of [
      'not JSON',
      '{"type":"ping","extra":1}',
      '{"type":"subscribe"}',
      Buffer.from([1, 2]),
    ]) {
      const refused = listen();
      await caughtUp(refused);
      refused.ws.send(wrong);
      await refused.until(({ type }) => type === 'error');
      expect((await refused.closed).code).toBe(1008);
    }
  });

  it('closes the sockets of a revoked token, and only those', async () => {
    const revoked = await app.token(tenantId, 'fraud');
    const [going, staying] = [listen('', revoked.token), listen()];
    await caughtUp(going);
    await caughtUp(staying);
    await app.revoke(tenantId, revoked.tokenId);
    expect((await going.closed).code).toBe(4401);
    expect(staying.ws.readyState).toBe(WebSocket.OPEN);
  });

  it('counts its sockets', async () => {
    const listener = listen();
    await caughtUp(listener);
    expect(await app.metrics()).toMatch(/^timbre_live_sockets [1-9]/m);
  });
});
