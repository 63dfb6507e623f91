import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { SelfServiceSweeper } from '../../src/modules/rights/self-service/self-service-sweeper.js';
import { clientOf } from '../customers/support.js';
import { Bank, slugOf } from './support.js';

const minuteMs = 60_000;
let bank: Bank;
let customerId: string;
let log = '';

beforeAll(async () => {
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString();
      done();
    },
  });
  bank = await Bank.open(undefined, {}, pino({ level: 'trace' }, lines));
});
afterAll(() => bank.close());
beforeEach(async () => {
  customerId = await bank.customer();
});

describe('a link to the customer page', () => {
  it('is made for a customer, for ten minutes, with its secret behind the # that no server gets to see', async () => {
    const { body } = await bank.ask(customerId).expect(201);
    const url = new URL((body as { url: string }).url);
    expect(url.pathname).toBe('/me');
    expect(url.search).toBe('');
    expect(url.hash).toMatch(/^#link=tml_[0-9a-f]{32}_[0-9a-f]{32}_\d{10}_[\w-]{43}$/);
    expect(body).toMatchObject({ scopes: ['view', 'consent', 'enrol', 'requests'] });
    const lasts = Date.parse((body as { expiresAt: string }).expiresAt) - bank.clock.now;
    expect(lasts).toBe(10 * minuteMs);
  });

  it('lasts no longer than the installation allows, and less when asked', async () => {
    const { body } = await bank.ask(customerId, { validForSeconds: 601 }).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'validForSeconds', expected: 'at most 600' }] });
    const short = await bank.ask(customerId, { validForSeconds: 60 }).expect(201);
    const { expiresAt } = short.body as { expiresAt: string };
    expect(Date.parse(expiresAt) - bank.clock.now).toBe(minuteMs);
  });

  it('is made for known customers of the own bank, known scopes, and by customer service alone', async () => {
    const elsewhere = await bank.customer(await bank.server.makeTenant());
    expect(slugOf((await bank.ask(elsewhere).expect(404)).body)).toBe('customer-not-found');
    const wrong = await bank.ask(customerId, { scopes: ['erase-all'], customerId: elsewhere }).expect(400);
    expect((wrong.body as { errors: { field: string }[] }).errors.map(({ field }) => field).sort()).toEqual([
      'customerId',
      'scopes.0',
    ]);
    for (const role of ['agent', 'fraud', 'privacy', 'admin', 'telephony'] as const) {
      const other = clientOf(bank.server.url, await bank.server.makeToken(bank.tenantId, role));
      await other.post(`/v1/customers/${customerId}/self-service-links`).send({}).expect(403);
    }
  });

  it('opens the page once: the second browser is told so, and the attempt is in the audit log', async () => {
    const link = await bank.link(customerId);
    const first = bank.browser();
    await first.open(link).expect(201);
    const second = await bank.browser().open(link).expect(410);
    expect(slugOf(second.body)).toBe('link-used');
    expect((second.body as { detail: string }).detail).toMatch(/open the page from your bank’s site again/i);
    expect(second.headers['set-cookie']).toBeUndefined();
    await first.get('/v1/me').expect(200);
    expect((await bank.audited(customerId)).map(({ action }) => action)).toEqual([
      'self-service-link-issued',
      'self-service-opened',
      'self-service-link-refused',
      'self-service-used',
    ]);
  });

  it('opens the page once also when two ask at the same moment', async () => {
    const link = await bank.link(customerId);
    const answers = await Promise.all([1, 2, 3, 4].map(() => bank.browser().open(link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410, 410, 410]);
  });

  it('goes on with the visit when the same browser loads it again', async () => {
    const link = await bank.link(customerId);
    const browser = bank.browser();
    await browser.open(link).expect(201);
    await browser.open(link).expect(201);
    await browser.get('/v1/me').expect(200);
  });

  it('says that it has expired, also when its row is gone', async () => {
    const link = await bank.link(customerId);
    bank.clock.now += 10 * minuteMs;
    expect(slugOf((await bank.browser().open(link).expect(410)).body)).toBe('link-expired');
    await bank.server.app.get(SelfServiceSweeper, { strict: false }).sweepNow();
    expect(await bank.rows('SELECT 1 FROM self_service_links WHERE customer_id = $1', customerId)).toEqual(
      [],
    );
    expect(slugOf((await bank.browser().open(link).expect(410)).body)).toBe('link-expired');
  });

  it('is refused when anything of it was changed or made up', async () => {
    const other = await bank.customer();
    const [mine, theirs] = [await bank.link(customerId), await bank.link(other)];
    const [, tenant, linkId, ends, signature = ''] = mine.split('_');
    const [, , theirLinkId] = theirs.split('_');
    const forged = {
      'another person’s': `tml_${tenant}_${theirLinkId}_${ends}_${signature}`,
      'a later end': `tml_${tenant}_${linkId}_${Number(ends) + 3600}_${signature}`,
      'another signature': `tml_${tenant}_${linkId}_${ends}_${'A'.repeat(43)}`,
      'another tenant': `tml_${'0'.repeat(32)}_${linkId}_${ends}_${signature}`,
      'a tenant that is there': `tml_${(await bank.server.makeTenant()).replaceAll('-', '')}_${linkId}_${ends}_${signature}`,
      'no link at all': 'tml_hello',
    };
    for (const [what, link] of Object.entries(forged)) {
      const { status, body } = await bank.browser().open(link);
      expect([what, status, slugOf(body)]).toEqual([what, 401, 'link-not-valid']);
    }
    await bank.browser().open(mine).expect(201);
    await bank.browser().open(theirs).expect(201);
  });

  it('stands in no log, and neither does the cookie it is exchanged for', async () => {
    const link = await bank.link(customerId);
    const browser = bank.browser();
    await browser.open(link).expect(201);
    await browser.get('/v1/me').expect(200);
    expect(log).toContain('request');
    expect(log).not.toContain('tml_');
    expect(log).not.toContain('tms_');
    const kept = await bank.rows('SELECT * FROM self_service_sessions WHERE customer_id = $1', customerId);
    expect(JSON.stringify(kept)).not.toContain(browser.cookie.split('tms_').at(-1));
  });
});

describe('a visit', () => {
  it('is a cookie that no script reads, no other site sends and no sibling host can set', async () => {
    const answer = await bank
      .browser()
      .open(await bank.link(customerId))
      .expect(201);
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-timbre-me=tms_[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('ends when nothing was done for ten minutes, and after an hour whatever was done', async () => {
    const idle = await bank.visit(customerId);
    const busy = await bank.visit(customerId);
    for (let minutes = 0; minutes < 54; minutes += 9) {
      bank.clock.now += 9 * minuteMs;
      await busy.get('/v1/me').expect(200);
    }
    const over = await idle.get('/v1/me').expect(401);
    expect(slugOf(over.body)).toBe('session-over');
    bank.clock.now += 6 * minuteMs;
    await busy.get('/v1/me').expect(401);
  });

  it('ends when asked to, and the cookie is taken away', async () => {
    const browser = await bank.visit(customerId);
    const before = browser.cookie;
    const answer = await browser.delete('/v1/me/session').expect(204);
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
    browser.cookie = before;
    await browser.get('/v1/me').expect(401);
  });

  it('gives way to the next person’s on the same computer', async () => {
    const browser = await bank.visit(customerId);
    const first = browser.cookie;
    const second = await bank.customer();
    await browser.open(await bank.link(second)).expect(201);
    const { body } = await browser.get('/v1/me').expect(200);
    const [row] = await bank.rows('SELECT account_ref FROM customers WHERE customer_id = $1', second);
    expect((body as { accountRef: string }).accountRef).toBe(row?.['account_ref']);
    browser.cookie = first;
    await browser.get('/v1/me').expect(401);
  });

  it('is not a token, and a token is not a visit', async () => {
    const stranger = bank.browser();
    await stranger.get('/v1/me').expect(401);
    await bank.site.get('/v1/me').expect(401);
    stranger.cookie = `__Host-timbre-me=tms_${bank.tenantId.replaceAll('-', '')}_${'A'.repeat(43)}`;
    await stranger.get('/v1/me').expect(401);
    const visitor = await bank.visit(customerId);
    await visitor.get(`/v1/customers/${customerId}`).expect(401);
  });

  it('takes changes from its own page only', async () => {
    const browser = await bank.visit(customerId);
    const consent = {
      purposes: ['enrolment'],
      noticeVersion: 'timbre-voice-check-en-1',
      noticeLanguage: 'en',
    };
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      {},
    ] as Record<string, string>[]) {
      browser.headers = headers;
      const answers = [
        await browser.post('/v1/me/consents').send(consent),
        await browser.delete('/v1/me/consents/enrolment'),
        await browser.delete('/v1/me/session'),
        await browser.open(await bank.link(customerId)),
      ];
      expect(answers.map(({ body }) => slugOf(body))).toEqual(answers.map(() => 'other-origin'));
    }
    browser.headers = { Origin: bank.server.url };
    await browser.post('/v1/me/consents').send(consent).expect(201);
  });
});
