import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import type { RequestView } from '../../src/modules/rights/requests/request-view.js';
import { dayMs, startMs, type Client } from '../customers/support.js';
import { asRequest, RightsOffice, slugOf } from './support.js';

let office: RightsOffice;
let agent: Client;
let service: Client;
let officer: Client;

beforeAll(async () => {
  office = await RightsOffice.open();
  [agent, service, officer] = await Promise.all([
    office.as('agent'),
    office.as('customer-service'),
    office.as('privacy'),
  ]);
}, 120_000);
afterAll(() => office.close());
beforeEach(() => {
  office.clock.now = startMs;
});

const ask = (customerId: CustomerId, body: object, client: Client = agent) =>
  client.post(`/v1/customers/${customerId}/requests`).send(body);
const opened = async (customerId: CustomerId, body: object): Promise<RequestView> =>
  asRequest((await ask(customerId, body).expect(201)).body);
const step = (requestId: string, name: string, body: object = {}, client: Client = officer) =>
  client.post(`/v1/requests/${requestId}/${name}`).send(body);
const identified = { passed: true, proof: { method: 'security-questions', reference: 'case 17' } };
const refusal = { reason: 'legal-claims', article: 'GDPR Art. 17(3)(e)', explanation: 'A claim is pending.' };

describe('a request for access', () => {
  let customerId: CustomerId;
  let request: RequestView;

  beforeAll(async () => {
    customerId = await office.enrolledCustomer('DE');
    await office.call(customerId, 'rejected', -9.3);
    request = await opened(customerId, { kind: 'access' });
  });

  it('gets the date of the law where the customer lives, and names the article', () => {
    expect(request).toMatchObject({
      state: 'received',
      channel: 'agent',
      packs: ['gdpr'],
      dueAt: '2026-04-01T09:30:00.000Z',
      dueBy: { packId: 'gdpr', rule: 'access' },
      extension: { kind: 'possible', until: '2026-06-01T09:30:00.000Z' },
      standing: 'on-time',
      receipt: { standing: 'not-asked' },
    });
  });

  it('hands out nothing before it is known who asks', async () => {
    for (const what of ['bundle', 'bundle.html'])
      expect(slugOf((await officer.get(`/v1/requests/${request.requestId}/${what}`).expect(409)).body)).toBe(
        'identity-not-checked',
      );
    expect(slugOf((await step(request.requestId, 'fulfilment').expect(409)).body)).toBe(
      'identity-not-checked',
    );
    const failed = { passed: false, proof: { method: 'document' } };
    const { body } = await step(request.requestId, 'identity-check', failed, agent).expect(200);
    expect(body).toMatchObject({ state: 'received', identity: { method: 'document', passed: false } });
    expect((await officer.get(`/v1/requests/${request.requestId}/bundle`)).status).toBe(409);
  });

  it('records how it was checked who asks, and by whom', async () => {
    const { body } = await step(request.requestId, 'identity-check', identified, agent).expect(200);
    expect(body).toMatchObject({
      state: 'identity-checked',
      identity: {
        method: 'security-questions',
        passed: true,
        reference: 'case 17',
        checkedAt: new Date(startMs).toISOString(),
        checkedBy: expect.any(String),
      },
    });
  });

  it('is answered with the bundle, as JSON and as a page', async () => {
    expect(slugOf((await step(request.requestId, 'fulfilment').expect(409)).body)).toBe('not-released');
    const json = await officer.get(`/v1/requests/${request.requestId}/bundle`).expect(200);
    expect(json.headers['content-disposition']).toContain('attachment');
    expect(json.body).toMatchObject({
      format: 'timbre-data-bundle',
      customer: { customerId, residence: 'DE' },
      laws: [{ packId: 'gdpr' }],
      voiceprints: [{ status: 'active', netSpeechMs: 21_000, expiresAt: expect.any(String) }],
      consents: [{ state: 'granted', noticeText: expect.stringContaining('voice') }],
      calls: [
        { decision: { state: 'rejected', llr: -9.3, inWords: expect.stringContaining('not the customer') } },
      ],
      requests: [{ kind: 'access', state: 'in-progress' }],
      uses: expect.arrayContaining([expect.objectContaining({ action: 'voiceprint-enrolled' })]),
    });
    const page = await officer.get(`/v1/requests/${request.requestId}/bundle.html`).expect(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.text).toContain('Your voiceprint');
    expect(page.text).toContain('The voice is not the customer’s');
  });

  it('hands out no vector, key, number hash or staff with it', async () => {
    const { text } = await officer.get(`/v1/requests/${request.requestId}/bundle`).expect(200);
    const names: string[] = [];
    JSON.parse(text, (name, value: unknown) => (names.push(name), value));
    expect(
      names.filter((name) =>
        /cipher|key|hash|embedding|vector|assignee|note$|tokenId|(?<!decided)by$/i.test(name),
      ),
    ).toEqual([]);
    expect(names.length).toBeGreaterThan(100);
  });

  it('is then fulfilled, and every step stands in the audit log', async () => {
    const { body } = await step(request.requestId, 'fulfilment', { explanation: 'At the branch.' }).expect(
      200,
    );
    expect(body).toMatchObject({
      request: { state: 'fulfilled', standing: 'answered', answer: { explanation: 'At the branch.' } },
    });
    expect(await office.log(request.requestId)).toEqual([
      'request-received',
      'request-identity-checked',
      'request-identity-checked',
      'data-bundle-released',
      'data-bundle-released',
      'data-bundle-released',
      'request-fulfilled',
    ]);
    expect(slugOf((await step(request.requestId, 'refusal', refusal).expect(409)).body)).toBe(
      'already-answered',
    );
  });
});

describe('the clock of a request', () => {
  it('is the business’s own where no law gives the right (BIPA has no access)', async () => {
    const request = await opened(await office.customer('US-IL'), { kind: 'access' });
    expect(request).toMatchObject({ right: null, dueBy: { packId: 'timbre' } });
    expect(Date.parse(request.dueAt) - startMs).toBe(45 * dayMs);
  });

  it('is the strictest of all where nobody knows where the customer lives', async () => {
    const request = await opened(await office.customer(), { kind: 'access' });
    expect(request.packs).toEqual(['gdpr', 'ccpa', 'vcdpa', 'cpa', 'bipa', 'cubi']);
    expect(request).toMatchObject({ dueBy: { packId: 'gdpr' }, receipt: { standing: 'to-confirm' } });
  });

  it('asks in California for a confirmation within 10 business days, and knows when it was given', async () => {
    const { requestId, receipt } = await opened(await office.customer('US-CA'), { kind: 'access' });
    expect(receipt).toEqual({
      standing: 'to-confirm',
      confirmBy: '2026-03-13T09:30:00.000Z',
      confirmedAt: null,
    });
    const { body } = await step(requestId, 'receipt', {}, service).expect(200);
    expect(asRequest(body).receipt.standing).toBe('confirmed');
    expect(slugOf((await step(requestId, 'receipt').expect(409)).body)).toBe('receipt-already-confirmed');
  });

  it('is extended once, with the reason, and never twice', async () => {
    const { requestId } = await opened(await office.customer('US-VA'), { kind: 'access' });
    await step(requestId, 'extension').expect(400);
    const extension = { reason: 'Many calls.' };
    const { body } = await step(requestId, 'extension', extension).expect(200);
    expect(body).toMatchObject({ extension: { kind: 'made', reason: 'Many calls.' } });
    expect(Date.parse(asRequest(body).dueAt) - startMs).toBe(90 * dayMs);
    expect(slugOf((await step(requestId, 'extension', extension).expect(409)).body)).toBe('already-extended');
  });

  it('is not extended once its date has passed', async () => {
    const { requestId } = await opened(await office.customer('US-VA'), { kind: 'access' });
    office.clock.now += 46 * dayMs;
    const { body } = await step(requestId, 'extension', { reason: 'Forgotten.' }).expect(409);
    expect(slugOf(body)).toBe('too-late-to-extend');
  });

  it('reminds of what is due soon and overdue, once each: in the log, the metrics and the order of the list', async () => {
    const late = await opened(await office.customer('DE'), { kind: 'access' });
    office.clock.now += 20 * dayMs;
    const young = await opened(await office.customer('DE'), { kind: 'access' });
    office.clock.now = startMs + 25 * dayMs;
    await office.look();
    await office.look();
    office.clock.now = startMs + 32 * dayMs;
    await office.look();
    expect(await office.log(late.requestId)).toEqual([
      'request-received',
      'request-reminder answer-due-soon',
      'request-reminder answer-overdue',
    ]);
    expect(await office.log(young.requestId)).toEqual(['request-received']);
    const { body } = await officer.get('/v1/requests?state=open&kind=access').expect(200);
    const { requests } = body as { requests: RequestView[] };
    const order = requests.map(({ requestId }) => requestId);
    expect(order.indexOf(late.requestId)).toBeLessThan(order.indexOf(young.requestId));
    expect(requests[0]?.standing).toBe('overdue');
    expect(
      Number(await office.metric('timbre_requests_open{kind="access",standing="overdue"}')),
    ).toBeGreaterThan(0);
    expect(
      Number(await office.metric('timbre_request_reminders_total{reminder="answer-overdue"}')),
    ).toBeGreaterThan(0);
  });
});

describe('the list of requests', () => {
  /** Every page, three at a time; `between` happens after the first. */
  const pages = async (query: string, between?: () => Promise<unknown>): Promise<RequestView[][]> => {
    const pages: RequestView[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await officer.get(`/v1/requests?limit=3${query}${at}`).expect(200);
      const page = body as { requests: RequestView[]; nextCursor: string | null };
      pages.push(page.requests);
      if (pages.length === 1) await between?.();
      cursor = page.nextCursor;
    }
    return pages;
  };

  it('comes page by page, each request once and in order, whatever comes in or is answered meanwhile', async () => {
    const ids: string[] = [];
    for (let day = 0; day < 5; day++) {
      office.clock.now = startMs + day * dayMs;
      // Two of one moment: the order is told by more than the date.
      const pair = [await office.customer('DE'), await office.customer('DE')];
      for (const customerId of pair) ids.push((await opened(customerId, { kind: 'portability' })).requestId);
    }
    for (const [index, id] of ids.slice(0, 4).entries()) {
      office.clock.now = startMs + (10 + index) * dayMs;
      await step(id, 'refusal', refusal).expect(200);
    }
    const [all] = [(await officer.get('/v1/requests?kind=portability&limit=500').expect(200)).body] as [
      { requests: RequestView[]; nextCursor: null },
    ];
    expect(all.nextCursor).toBeNull();
    const whole = all.requests.map(({ requestId }) => requestId);
    expect(new Set(whole)).toEqual(new Set(ids));
    expect(whole.slice(6)).toEqual(ids.slice(0, 4).reverse());

    const paged = await pages('&kind=portability', async () => {
      office.clock.now = startMs + 20 * dayMs;
      await opened(await office.customer('DE'), { kind: 'portability' });
    });
    expect(paged.map(({ length }) => length)).toEqual([3, 3, 3, 2]);
    const seen = paged.flat().map(({ requestId }) => requestId);
    expect(seen.filter((id) => ids.includes(id))).toEqual(whole);
    expect((await pages('&kind=portability&state=answered')).flat()).toHaveLength(4);
  });

  it('refuses a cursor that it did not hand out', async () => {
    for (const cursor of ['x', 'b3BlbiBub3cgeA'])
      expect((await officer.get(`/v1/requests?cursor=${cursor}`).expect(400)).body).toMatchObject({
        errors: [{ field: 'cursor' }],
      });
  });
});

describe('an erasure', () => {
  it('erases nobody before it is known who asks; then hands out the receipt, and keeps of the request what proves the answer', async () => {
    const customerId = await office.enrolledCustomer('DE');
    const asked = { kind: 'erasure', onBehalf: { authority: 'signed-permission', proofReference: 'scan 4' } };
    const { requestId } = await opened(customerId, asked);
    expect(slugOf((await step(requestId, 'fulfilment').expect(409)).body)).toBe('identity-not-checked');
    expect(await office.gate(customerId)).toBe('ready');
    await step(requestId, 'identity-check', {
      passed: true,
      proof: { method: 'representative', reference: 'r' },
    }).expect(200);
    const { body } = await step(requestId, 'fulfilment').expect(200);
    expect(body).toMatchObject({
      request: {
        state: 'fulfilled',
        answer: { erasureId: expect.any(String) },
        onBehalf: { proofReference: null },
      },
      receipt: { receipt: { customerId, requestId, rules: [{ packId: 'gdpr', rule: 'erasure' }] } },
    });
    expect(await office.rows('SELECT 1 FROM customers WHERE customer_id = $1', customerId)).toEqual([]);
    const [kept] = await office.rows(
      'SELECT kind, state, authority_proof, identity_reference, explanation FROM requests WHERE request_id = $1',
      requestId,
    );
    expect(kept).toEqual({
      kind: 'erasure',
      state: 'fulfilled',
      authority_proof: null,
      identity_reference: null,
      explanation: null,
    });
  });
});

describe('a correction', () => {
  it('is fulfilled by a new voiceprint that replaces the old one, without anybody saying so', async () => {
    const customerId = await office.enrolledCustomer('DE');
    const { requestId } = await opened(customerId, { kind: 'correction', identity: { method: 'in-person' } });
    expect(slugOf((await step(requestId, 'fulfilment').expect(409)).body)).toBe('re-enrolment-missing');
    office.clock.now += 1000;
    await office.enrol(customerId);
    await office.heardEverything();
    expect(asRequest((await officer.get(`/v1/requests/${requestId}`)).body).state).toBe('fulfilled');
    expect(
      await office.rows(
        'SELECT status FROM voiceprints WHERE customer_id = $1 ORDER BY created_at',
        customerId,
      ),
    ).toEqual([{ status: 'replaced' }, { status: 'active' }]);
  });
});

describe('an appeal', () => {
  it('refers to a refusal, has its own clock, and when granted opens the refused request again', async () => {
    const customerId = await office.customer('US-CO');
    const { requestId } = await opened(customerId, { kind: 'erasure', identity: { method: 'in-person' } });
    const refused = asRequest((await step(requestId, 'refusal', refusal).expect(200)).body);
    expect(refused).toMatchObject({
      state: 'refused',
      answer: { refusal: { reason: 'legal-claims', article: 'GDPR Art. 17(3)(e)' } },
      appealUnder: { packId: 'cpa', article: 'C.R.S. 6-1-1306(3)' },
    });
    const appeal = await opened(customerId, {
      kind: 'appeal',
      appealOf: requestId,
      identity: { method: 'in-person' },
    });
    expect(Date.parse(appeal.dueAt) - startMs).toBe(45 * dayMs);
    await step(appeal.requestId, 'fulfilment', { explanation: 'The claim is settled.' }).expect(200);
    const again = asRequest((await officer.get(`/v1/requests/${requestId}`).expect(200)).body);
    expect(again).toMatchObject({ state: 'in-progress', answer: null });
  });

  it('against another person’s refusal, or against none, is no appeal', async () => {
    const [mine, other] = [await office.customer('US-VA'), await office.customer('US-VA')];
    const { requestId } = await opened(other, { kind: 'access' });
    const early = await ask(other, { kind: 'appeal', appealOf: requestId }).expect(409);
    expect(slugOf(early.body)).toBe('not-refused');
    await step(requestId, 'refusal', refusal).expect(200);
    const wrong = await ask(mine, { kind: 'appeal', appealOf: requestId }).expect(404);
    expect(slugOf(wrong.body)).toBe('request-not-found');
  });
});

describe('a request that cannot be taken', () => {
  it.each([
    ['of an unknown kind', { kind: 'deletion' }, 'kind'],
    ['to object to nothing', { kind: 'objection' }, 'scopes'],
    [
      'for another person without an authority',
      { kind: 'access', onBehalf: { proofReference: 'x' } },
      'onBehalf.authority',
    ],
    [
      'for another person without its proof',
      { kind: 'access', onBehalf: { authority: 'court' } },
      'onBehalf.proofReference',
    ],
    [
      'proven by a call that is not named',
      { kind: 'access', identity: { method: 'verified-call' } },
      'identity.callId',
    ],
    ['with a field nobody knows', { kind: 'access', urgent: true }, 'urgent'],
  ])('%s is answered with the field that is wrong', async (_, body, field) => {
    const answer = await ask(await office.customer(), body).expect(400);
    expect((answer.body as { errors: { field: string }[] }).errors).toEqual([
      expect.objectContaining({ field }),
    ]);
  });

  it('of an unknown kind says which there are', async () => {
    const { body } = await ask(await office.customer(), { kind: 'deletion' }).expect(400);
    expect(JSON.stringify(body)).toContain(
      'access, portability, correction, erasure, objection, limit, appeal',
    );
  });

  it('of nobody’s customer says so', async () => {
    const nobody = crypto.randomUUID() as string as CustomerId;
    expect(slugOf((await ask(nobody, { kind: 'access' }).expect(404)).body)).toBe('customer-not-found');
  });

  it('while one of its kind is open names that one', async () => {
    const customerId = await office.customer('DE');
    const first = await opened(customerId, { kind: 'access' });
    const { body } = await ask(customerId, { kind: 'access' }).expect(409);
    expect(body).toMatchObject({ requestId: first.requestId });
    expect(slugOf(body)).toBe('request-open');
    await ask(customerId, { kind: 'portability' }).expect(201);
  });

  it('twice at once is taken once', async () => {
    const customerId = await office.customer('DE');
    const both = await Promise.all([
      ask(customerId, { kind: 'access' }),
      ask(customerId, { kind: 'access' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('proven by another customer’s call, or by one that was not verified, is refused', async () => {
    const [mine, other] = [await office.customer(), await office.customer()];
    const prove = async (callId: string) =>
      ask(mine, { kind: 'access', identity: { method: 'verified-call', callId } });
    for (const callId of [await office.call(other, 'accepted', 9), await office.call(mine, 'rejected', -9)]) {
      const { status, body } = await prove(callId);
      expect([status, slugOf(body)]).toEqual([409, 'call-not-verified']);
    }
    const { body } = await prove(await office.call(mine, 'accepted', 9));
    expect(asRequest(body).state).toBe('identity-checked');
  });

  it('for another person releases nothing until that authority was checked', async () => {
    const onBehalf = { authority: 'power-of-attorney', proofReference: 'deed 7' };
    const { requestId } = await opened(await office.customer(), { kind: 'access', onBehalf });
    const own = await step(requestId, 'identity-check', identified).expect(409);
    expect(slugOf(own.body)).toBe('authority-not-checked');
    const checked = { passed: true, proof: { method: 'representative' } };
    expect(asRequest((await step(requestId, 'identity-check', checked).expect(200)).body).state).toBe(
      'identity-checked',
    );
    const self = await opened(await office.customer(), { kind: 'access' });
    expect(slugOf((await step(self.requestId, 'identity-check', checked).expect(409)).body)).toBe(
      'not-on-behalf',
    );
  });

  it('is not recorded by a clock that was set back, nor is any step', async () => {
    const customerId = await office.customer('DE');
    const { requestId } = await opened(customerId, { kind: 'access' });
    office.clock.now = startMs - 60_000;
    const answers = [
      await ask(customerId, { kind: 'portability' }),
      await step(requestId, 'identity-check', identified),
      await step(requestId, 'refusal', refusal),
    ];
    for (const { status, body } of answers) expect([status, slugOf(body)]).toEqual([503, 'clock-set-back']);
    expect(await office.log(requestId)).toEqual(['request-received']);
  });
});

describe('requests', () => {
  it.each([
    ['telephony', 403, 403],
    ['fraud', 403, 403],
    ['admin', 403, 403],
    ['agent', 201, 403],
    ['customer-service', 201, 403],
    ['privacy', 201, 409],
  ] as const)('are taken in and answered by the right roles: %s', async (role, intake, answer) => {
    const client = await office.as(role);
    const customerId = await office.customer();
    await ask(customerId, { kind: 'access' }, client).expect(intake);
    const { requestId } = await opened(customerId, { kind: 'portability' });
    await step(requestId, 'fulfilment', {}, client).expect(answer);
  });

  it('of another tenant are not there', async () => {
    const { requestId } = await opened(await office.customer(), { kind: 'access' });
    const stranger = await office.server.makeToken(await office.server.makeTenant(), 'privacy');
    const answer = await fetch(`${office.server.url}/v1/requests/${requestId}`, {
      headers: { Authorization: `Bearer ${stranger}` },
    });
    expect(answer.status).toBe(404);
  });
});
