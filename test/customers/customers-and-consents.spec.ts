import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import { aConsent, clientOf, startCustomers, startMs, type Client, type CustomersServer } from './support.js';
import { nextFact } from '../support/facts.js';
import type { FactAction } from '../../src/modules/installation/facts/fact.js';

const unknownId = '00000000-0000-4000-8000-000000000000';

let timbre: CustomersServer;
let service: Client;

beforeAll(async () => {
  timbre = await startCustomers();
  service = await timbre.as('customer-service');
});
afterAll(() => timbre.close());

describe('customers', () => {
  it('are made by account reference, found by it and read back with nothing consented', async () => {
    const made = await service
      .post('/v1/customers')
      .send({ accountRef: 'A/1 ü', residence: 'US-IL' })
      .expect(201);
    const { customerId } = made.body as { customerId: string };
    expect(made.body).toMatchObject({
      accountRef: 'A/1 ü',
      residence: 'US-IL',
      createdAt: new Date(startMs).toISOString(),
    });
    const found = await service.get('/v1/customers').query({ accountRef: 'A/1 ü' }).expect(200);
    expect(found.body).toEqual({ customers: [made.body], next: null });
    const state = await (await timbre.as('agent')).get(`/v1/customers/${customerId}`).expect(200);
    expect(state.body).toEqual({
      ...(made.body as object),
      consent: { verification: 'missing', enrolment: 'missing', 'fraud-watchlist': 'missing' },
      packs: ['bipa'],
      voiceprint: 'none',
    });
    expect(await timbre.customers.resolve(timbre.tenantId, 'A/1 ü')).toBe(customerId);
    expect(await timbre.customers.resolve(timbre.tenantId, customerId)).toBe(customerId);
    expect(await timbre.customers.resolve(timbre.tenantId, unknownId)).toBeUndefined();
  });

  it('are made once, however many ask at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => service.post('/v1/customers').send({ accountRef: 'twice' })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409]);
    const ids = new Set(answers.map((answer) => (answer.body as { customerId: string }).customerId));
    expect(ids.size).toBe(1);
  });

  it('are listed page by page', async () => {
    const ids: string[] = [];
    let next: string | null = null;
    do {
      const page = await service
        .get('/v1/customers')
        .query({ limit: 1, ...(next === null ? {} : { after: next }) });
      const body = page.body as { customers: { customerId: string }[]; next: string | null };
      ids.push(...body.customers.map(({ customerId }) => customerId));
      next = body.next;
    } while (next !== null);
    const all = await service.get('/v1/customers');
    expect(ids).toEqual(
      (all.body as { customers: { customerId: string }[] }).customers.map(({ customerId }) => customerId),
    );
  });

  it.each([
    ['an unknown field', { accountRef: 'x', name: 'Jo' }, 'name'],
    ['no reference', {}, 'accountRef'],
    ['a wrong residence', { accountRef: 'x', residence: 'Illinois' }, 'residence'],
    ['a country that is none', { accountRef: 'x', residence: 'ZZ' }, 'residence'],
    ['a state that is none', { accountRef: 'x', residence: 'US-ZZ' }, 'residence'],
  ])('are refused with %s, which is named', async (_, body, field) => {
    const answer = await service.post('/v1/customers').send(body).expect(400);
    expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
      field,
    ]);
  });

  it('are nobody to another tenant', async () => {
    const customerId = await timbre.newCustomer();
    const consentId = await timbre.giveConsent(customerId);
    const elsewhere = await timbre.server.makeTenant();
    const stranger = clientOf(
      timbre.server.url,
      await timbre.server.makeToken(elsewhere, 'customer-service'),
    );
    await stranger.get(`/v1/customers/${customerId}`).expect(404);
    await stranger.get(`/v1/customers/${customerId}/consents`).expect(404);
    await stranger.post(`/v1/customers/${customerId}/consents`).send(aConsent).expect(404);
    await stranger.delete(`/v1/customers/${customerId}/consents/${consentId}`).expect(404);
    await stranger.get(`/v1/customers/${customerId}/voiceprint`).expect(404);
    await stranger.delete(`/v1/customers/${customerId}/voiceprint`).expect(404);
    await stranger
      .post(`/v1/customers/${customerId}/enrolments`)
      .attach('file', Buffer.from('x'), 'x.wav')
      .expect(404);
    expect((await stranger.get('/v1/customers').expect(200)).body).toEqual({ customers: [], next: null });
    expect(await timbre.customers.resolve(elsewhere, customerId)).toBeUndefined();
    expect(await timbre.voiceprints.claimContext(elsewhere, customerId)).toMatchObject({
      kind: 'no-consent',
    });
  });

  it.each(['telephony', 'fraud'] as const)('are closed to the role %s', async (role) => {
    const customerId = await timbre.newCustomer();
    const client = await timbre.as(role);
    await client.get(`/v1/customers/${customerId}`).expect(403);
    await client.post('/v1/customers').send({ accountRef: 'no' }).expect(403);
    await client.post(`/v1/customers/${customerId}/consents`).send(aConsent).expect(403);
    await client.post(`/v1/customers/${customerId}/enrolments`).expect(403);
    await client.delete(`/v1/customers/${customerId}/voiceprint`).expect(403);
  });
});

describe('consents', () => {
  let customerId: CustomerId;
  const nextOf = (action: FactAction) =>
    nextFact(timbre.server.app, (fact) => fact.action === action && fact.subject.id === customerId);
  const path = (id = ''): string => `/v1/customers/${customerId}/consents${id && `/${id}`}`;
  const ledger = (): Promise<Record<string, unknown>[]> =>
    timbre.rows(
      'SELECT kind, purposes, notice_text FROM consents WHERE customer_id = $1 ORDER BY entry_id',
      customerId,
    );
  beforeAll(async () => {
    customerId = await timbre.newCustomer();
  });

  it('are recorded with the very words and told to live calls', async () => {
    const told = nextOf('consent-granted');
    const given = await (await timbre.as('agent')).post(path()).send(aConsent).expect(201);
    expect(given.body).toMatchObject({
      ...aConsent,
      state: 'granted',
      validUntil: null,
      givenAt: new Date(startMs).toISOString(),
    });
    expect(await told).toMatchObject({ tenantId: timbre.tenantId });
    expect((await service.get(path()).expect(200)).body).toEqual({ consents: [given.body] });
    const state = await service.get(`/v1/customers/${customerId}`);
    expect(state.body).toMatchObject({ consent: { verification: 'granted', 'fraud-watchlist': 'missing' } });
  });

  it.each([
    ['given in the future', { givenAt: new Date(startMs + 1).toISOString() }, 'givenAt'],
    ['already over', { validUntil: new Date(startMs).toISOString() }, 'validUntil'],
    ['with an unknown field', { optIn: true }, 'optIn'],
    ['for an unknown purpose', { purposes: ['marketing'] }, 'purposes.0'],
    ['for no purpose', { purposes: [] }, 'purposes'],
    ['for a purpose twice', { purposes: ['enrolment', 'enrolment'] }, 'purposes'],
    ['by an unknown method', { method: 'guessed' }, 'method'],
    ['without words', { noticeText: '' }, 'noticeText'],
    ['in no language', { noticeLanguage: 'English please' }, 'noticeLanguage'],
    ['at no time', { givenAt: 'yesterday' }, 'givenAt'],
  ])('are refused when %s, and nothing is recorded', async (_, wrong, field) => {
    const before = await ledger();
    const answer = await service
      .post(path())
      .send({ ...aConsent, ...wrong })
      .expect(400);
    expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
      field,
    ]);
    expect(await ledger()).toEqual(before);
  });

  it('that were never given cannot be withdrawn, and nothing is recorded', async () => {
    const before = await ledger();
    const answer = await service.delete(path(unknownId)).expect(404);
    expect(answer.body).toMatchObject({ type: 'urn:timbre:problem:consent-not-found' });
    expect(await ledger()).toEqual(before);
    // Nor one that somebody else gave.
    const other = await timbre.newCustomer();
    await service.delete(path(await timbre.giveConsent(other))).expect(404);
  });

  it('are withdrawn once, however many ask at the same time, and again with the same answer', async () => {
    const consentId = await timbre.giveConsent(customerId, ['fraud-watchlist']);
    const told = nextOf('consent-withdrawn');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => service.delete(path(consentId)).expect(200)),
    );
    expect(await told).toMatchObject({ details: { consentId, purposes: ['fraud-watchlist'] } });
    const bodies = answers.map((answer) => answer.body as { alreadyWithdrawn: boolean; withdrawnAt: string });
    expect(bodies.filter((body) => !body.alreadyWithdrawn)).toHaveLength(1);
    timbre.clock.now += 1000;
    const again = await service.delete(path(consentId)).expect(200);
    expect(again.body).toMatchObject({ alreadyWithdrawn: true, withdrawnAt: bodies[0]?.withdrawnAt });
    expect((await ledger()).filter((entry) => entry['kind'] === 'withdrawn')).toHaveLength(1);
  });

  it('covering the same purpose end together, and a later one stands by itself', async () => {
    customerId = await timbre.newCustomer();
    const first = await timbre.giveConsent(customerId, ['verification']);
    const second = await timbre.giveConsent(customerId, ['verification', 'fraud-watchlist']);
    await service.delete(path(first)).expect(200);
    const third = await timbre.giveConsent(customerId, ['verification']);
    const { consents } = (await service.get(path())).body as {
      consents: { standingPurposes: string[]; state: string }[];
    };
    expect(consents.map(({ standingPurposes }) => standingPurposes)).toEqual([
      [],
      ['fraud-watchlist'],
      ['verification'],
    ]);
    expect(consents.map(({ state }) => state)).toEqual(['withdrawn', 'granted', 'granted']);
    // Withdrawing what is left of the second must not reach the third.
    await service.delete(path(second)).expect(200);
    const context = await timbre.voiceprints.claimContext(timbre.tenantId, customerId);
    expect(context.kind).toBe('not-enrolled');
    await service.delete(path(third)).expect(200);
    expect((await timbre.voiceprints.claimContext(timbre.tenantId, customerId)).kind).toBe('opted-out');
  });

  it('cannot be rewritten or erased in the ledger, even by the owner of the tables', async () => {
    await expect(timbre.rows(`UPDATE consents SET notice_text = 'other words'`)).rejects.toThrow(
      'append-only',
    );
    await expect(timbre.rows('DELETE FROM consents')).rejects.toThrow('append-only');
  });
});
