import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CustomerId, TenantId } from '../../src/core/ids.js';
import { shippedNotice } from '../../src/modules/people/consents/notice.js';
import { consentNotice } from '../../src/web/agent/browser/consent-notice.js';
import { aConsent, startMs, type Client } from '../customers/support.js';
import { Office } from './support.js';
import { nextFact } from '../support/facts.js';
import { asksAgain } from '../../src/modules/installation/facts/effects.js';

let office: Office;
let tenantId: TenantId;
let privacy: Client;
let service: Client;
let customerId: CustomerId;

beforeAll(async () => {
  office = await Office.open();
});
afterAll(() => office.close());

const newTenant = async () => {
  tenantId = await office.server.makeTenant();
  [privacy, service] = await Promise.all([
    office.as(tenantId, 'privacy'),
    office.as(tenantId, 'customer-service'),
  ]);
  customerId = await office.customer(tenantId);
};
beforeAll(newTenant);

const aNotice = {
  version: '2026-06',
  language: 'en',
  text: 'We make a voiceprint to check that it is you.',
  purposes: ['verification', 'enrolment'],
  asksAgain: false,
};
const publish = (more: object = {}) => privacy.post('/v1/consent-notices').send({ ...aNotice, ...more });
const consent = (more: object = {}) =>
  service.post(`/v1/customers/${customerId}/consents`).send({ ...aConsent, ...more });
const named = { noticeVersion: '2026-06', noticeLanguage: 'en', noticeText: undefined };
const stateOf = async (): Promise<Record<string, string>> =>
  ((await service.get(`/v1/customers/${customerId}`).expect(200)).body as { consent: Record<string, string> })
    .consent;
const slugOf = (body: unknown) => (body as { type: string }).type.split(':').at(-1);

describe('a notice', () => {
  it('is published in each language and listed beside the one that is shipped', async () => {
    await publish().expect(201);
    await publish({ language: 'fr', text: 'Nous créons une empreinte vocale.' }).expect(201);
    const { body } = await (await office.as(tenantId, 'agent')).get('/v1/consent-notices').expect(200);
    const { notices } = body as { notices: { version: string; language: string; text: string }[] };
    expect(notices.map(({ version, language }) => `${version} ${language}`)).toEqual([
      'timbre-voice-check-en-1 en',
      '2026-06 en',
      '2026-06 fr',
    ]);
    expect(notices[2]?.text).toBe('Nous créons une empreinte vocale.');
  });

  it('never changes: other words, purposes or another date under its version are refused', async () => {
    expect(slugOf((await publish({ text: 'Other.' }).expect(409)).body)).toBe('notice-exists');
    await publish({ language: 'de', purposes: ['verification'] }).expect(400);
    await publish({ language: 'de', asksAgain: true }).expect(400);
    await publish({ language: 'de', effectiveFrom: '2030-01-01T00:00:00Z' }).expect(400);
    await publish({ version: 'past', effectiveFrom: new Date(startMs - 1).toISOString() }).expect(400);
  });

  it.each(['agent', 'customer-service', 'fraud', 'telephony'] as const)(
    'is not for the role %s to publish',
    async (role) => {
      await (await office.as(tenantId, role)).post('/v1/consent-notices').send(aNotice).expect(403);
    },
  );

  it('of the agent page is the shipped one, word for word', async () => {
    const { noticeVersion, noticeLanguage, noticeText, purposes } = consentNotice;
    const { version, language, text } = shippedNotice;
    expect({ version, language, text, purposes: shippedNotice.purposes }).toEqual({
      version: noticeVersion,
      language: noticeLanguage,
      text: noticeText,
      purposes,
    });
    await consent({ ...consentNotice }).expect(201);
  });
});

describe('a consent', () => {
  it('names a published notice, with or without its words, which are kept with it', async () => {
    expect((await consent(named).expect(201)).body).toMatchObject({
      noticeText: aNotice.text,
      askedAgain: [],
    });
    await consent({ ...named, noticeText: aNotice.text }).expect(201);
  });

  it.each([
    ['other words than the version has', { noticeText: 'Other.' }, 409, 'notice-differs'],
    ['a purpose that the notice does not name', { purposes: ['fraud-watchlist'] }, 400, 'bad-input'],
    [
      'a language that the version is not in',
      { noticeLanguage: 'it', noticeText: 'Parole.' },
      409,
      'notice-not-found',
    ],
    ['a version nobody knows, without words', { noticeVersion: 'none' }, 409, 'notice-not-found'],
    ['a signed import without a proof', { method: 'signed-import' }, 400, 'bad-input'],
  ])('is refused with %s, and nothing is recorded', async (_, more, status, slug) => {
    const before = await office.head(tenantId);
    const { body } = await consent({ ...named, ...more }).expect(status);
    expect(slugOf(body)).toBe(slug);
    expect(await office.head(tenantId)).toBe(before);
  });

  it.each(['read-by-agent', 'ivr-digit', 'web-form'])('may be given by %s', async (method) => {
    await consent({ ...named, method }).expect(201);
  });

  it('may be imported with a proof', async () => {
    await consent({ ...named, method: 'signed-import', proofReference: 'archive/2026/17' }).expect(201);
  });
});

describe('a notice that asks again', () => {
  const lateMs = startMs + 3_600_000;
  beforeAll(newTenant);

  it('tells live calls, and from its date on older consents are missing', async () => {
    await publish().expect(201);
    await consent(named).expect(201);
    const told = nextFact(office.server.app, asksAgain);
    await publish({
      version: '2026-09',
      asksAgain: true,
      effectiveFrom: new Date(lateMs).toISOString(),
    }).expect(201);
    expect(await told).toMatchObject({ tenantId });
    expect(await stateOf()).toMatchObject({ verification: 'granted', enrolment: 'granted' });
    office.clock.now = lateMs;
    expect(await stateOf()).toMatchObject({ verification: 'missing', enrolment: 'missing' });
    const { body } = await service.get(`/v1/customers/${customerId}/consents`).expect(200);
    expect((body as { consents: object[] }).consents).toMatchObject([
      { state: 'granted', askedAgain: ['verification', 'enrolment'] },
    ]);
  });

  it('is not answered by the old words, nor by words nobody published', async () => {
    const { body } = await consent(named).expect(409);
    expect(body).toMatchObject({ purposes: ['verification', 'enrolment'] });
    expect(slugOf(body)).toBe('notice-superseded');
    await consent({ noticeVersion: 'made up', noticeText: 'Say yes.' }).expect(409);
    await consent({ ...consentNotice }).expect(409);
  });

  it('is answered by its own', async () => {
    await consent({ ...named, noticeVersion: '2026-09' }).expect(201);
    expect(await stateOf()).toMatchObject({ verification: 'granted', enrolment: 'granted' });
  });
});
