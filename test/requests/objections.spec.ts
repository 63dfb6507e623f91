import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../src/core/auth/principal.js';
import type { CustomerId } from '../../src/core/ids.js';
import { CallFlags } from '../../src/modules/calls/live/call-flags.js';
import { FlagsService } from '../../src/modules/fraud/flags/flags.service.js';
import { OptOutSignalService } from '../../src/modules/rights/requests/opt-out-signal.service.js';
import type { ObjectionView, TakenBack } from '../../src/modules/rights/requests/objections.service.js';
import { RequestAnswers } from '../../src/modules/rights/requests/request-answers.js';
import type { RequestView } from '../../src/modules/rights/requests/request-view.js';
import { startMs, type Client } from '../customers/support.js';
import { asRequest, RightsOffice, slugOf } from './support.js';
import { customerEffect } from '../../src/modules/installation/facts/effects.js';
import { feedOf, nextFact } from '../support/facts.js';

let office: RightsOffice;
let agent: Client;

beforeAll(async () => {
  office = await RightsOffice.open();
  agent = await office.as('agent');
}, 120_000);
afterAll(() => office.close());
beforeEach(() => {
  office.clock.now = startMs;
});

const ask = async (customerId: CustomerId, body: object): Promise<RequestView> =>
  asRequest((await agent.post(`/v1/customers/${customerId}/requests`).send(body).expect(201)).body);
const told = (customerId: CustomerId, effect: 'begins' | 'ends') =>
  nextFact(office.server.app, (fact) => {
    const told = customerEffect(fact);
    return told?.customerId === customerId && told.effect === effect;
  });
const kept = async (customerId: CustomerId): Promise<unknown[]> =>
  (await office.rows('SELECT status FROM voiceprints WHERE customer_id = $1', customerId)).map(
    ({ status }) => status,
  );

const callFlags = (call: object): CallFlags => {
  const risk = office.server.app.get(FlagsService, { strict: false });
  const writer = { flushed: () => Promise.resolve() } as never;
  return new CallFlags(call as never, { risk, writer, database: office.server.database });
};

/** A call with a flag that Timbre raised by itself. */
async function flaggedCall(customerId: CustomerId): Promise<string> {
  const callId = await office.call(customerId, 'rejected', -9);
  await office.rows(
    `INSERT INTO flags (flag_id, tenant_id, call_id, customer_id, severity, state, reasons, policy_version, created_at, updated_at, version)
     VALUES (gen_random_uuid(), $1, $2, $3, 'critical', 'open', '[]', 0, now(), now(), 1)`,
    office.tenantId,
    callId,
    customerId,
  );
  return callId;
}

describe('an objection', () => {
  it('to verification stops it at once, ends the consents and the voiceprint, and tells live calls', async () => {
    const customerId = await office.enrolledCustomer('DE');
    const heard = told(customerId, 'ends');
    const request = await ask(customerId, { kind: 'objection', scopes: ['verification'] });
    expect(request).toMatchObject({ state: 'fulfilled', scopes: ['verification'], identity: null });
    expect(await heard).toMatchObject({ action: 'request-received' });
    expect(await office.gate(customerId)).toMatch(/^opted-out/);
    expect(await kept(customerId)).toEqual(['revoked']);
    expect(await office.log(request.requestId)).toEqual(['request-received', 'request-fulfilled']);
  });

  it('of somebody who never consented stands all the same, and closes the gate to enrolment', async () => {
    const customerId = await office.customer('DE');
    await ask(customerId, { kind: 'objection', scopes: ['verification', 'fraud-watchlist'] });
    expect(await office.gate(customerId)).toBe('opted-out: objected');
    expect(await office.voiceprints.enrolmentGate(office.tenantId, customerId)).toMatchObject({
      kind: 'closed',
      reason: 'objected',
    });
    const state = await agent.get(`/v1/customers/${customerId}`).expect(200);
    expect(state.body).toMatchObject({
      consent: { verification: 'objected', 'fraud-watchlist': 'objected' },
    });
  });

  it('gives way to a consent that is given later: the newer word counts', async () => {
    const customerId = await office.customer('DE');
    await ask(customerId, { kind: 'objection', scopes: ['verification'] });
    office.clock.now += 1;
    await office.consent(customerId);
    expect(await office.gate(customerId)).toBe('not-enrolled');
  });

  it('to profiling has the agent told of a flag only once a person of the fraud team has taken it up', async () => {
    const told: unknown[] = [];
    const toldOf = async (customerId: CustomerId, callId: string): Promise<unknown> => {
      const showFlag = (flag: unknown): unknown => told.push(flag);
      const description = { tenantId: office.tenantId };
      await callFlags({ callId, description, claimedCustomerId: customerId, showFlag }).refresh();
      return told.at(-1);
    };
    const flag = { severity: 'critical', reasons: [] };
    const [usual, optedOut] = [await office.customer('US-VA'), await office.customer('US-VA')];
    await ask(optedOut, { kind: 'objection', scopes: ['profiling'] });
    const [ofUsual, ofOptedOut] = [await flaggedCall(usual), await flaggedCall(optedOut)];
    expect(await toldOf(usual, ofUsual)).toEqual(flag);
    expect(await toldOf(optedOut, ofOptedOut)).toBeNull();
    await office.rows(
      `UPDATE flags SET state = 'in-review', assignee = 'Kim' WHERE call_id = $1`,
      ofOptedOut,
    );
    expect(await toldOf(optedOut, ofOptedOut)).toEqual(flag);
  });

  it('to profiling reaches calls that go on now', async () => {
    const customerId = await office.enrolledCustomer('US-VA');
    await office.call(customerId, 'collecting');
    const read = nextFact(office.server.app, ({ action }) => action === 'request-received');
    await ask(customerId, { kind: 'objection', scopes: ['profiling'] });
    expect(await read).toMatchObject({ details: { customerId, scopes: ['profiling'] } });
    expect(await office.gate(customerId)).toBe('ready');
  });
});

describe('a limit', () => {
  it('keeps the voiceprint, unused, until its date (GDPR Art. 18(1))', async () => {
    const customerId = await office.enrolledCustomer('US-CA');
    const heard = told(customerId, 'ends');
    const request = await ask(customerId, { kind: 'limit' });
    expect(request).toMatchObject({
      state: 'fulfilled',
      scopes: ['verification'],
      dueBy: { packId: 'ccpa' },
    });
    expect(await heard).toMatchObject({ action: 'request-received' });
    expect(await office.gate(customerId)).toBe('opted-out: objected');
    expect(await kept(customerId)).toEqual(['active']);
    office.clock.now += 1;
    await office.consent(customerId);
    expect(await office.gate(customerId)).toBe('ready');
  });
});

describe('an objection that is taken back', () => {
  const objectionsOf = async (customerId: CustomerId): Promise<ObjectionView[]> =>
    ((await agent.get(`/v1/customers/${customerId}/objections`).expect(200)).body as never)['objections'];
  const takeBack = (customerId: CustomerId, objectionId: string | undefined) =>
    agent.delete(`/v1/customers/${customerId}/objections/${objectionId ?? ''}`);
  const made = async (customerId: CustomerId, body: object): Promise<ObjectionView> => {
    const { requestId } = await ask(customerId, body);
    const [found] = (await objectionsOf(customerId)).filter((one) => one.requestId === requestId);
    if (found === undefined) throw new Error('it is not listed');
    return found;
  };

  it('of a limit lets the voiceprint that was kept count again, at once, and tells live calls', async () => {
    const customerId = await office.enrolledCustomer('US-CA');
    const { objectionId, requestId } = await made(customerId, { kind: 'limit' });
    expect(await office.gate(customerId)).toBe('opted-out: objected');
    office.clock.now += 1000;
    await feedOf(office.server.app).caughtUp();
    const heard = told(customerId, 'begins');
    const { body } = await takeBack(customerId, objectionId).expect(200);
    const takenBackAt = new Date(office.clock.now).toISOString();
    expect(body).toEqual({ objectionId, takenBackAt, alreadyTakenBack: false });
    expect(await heard).toMatchObject({ action: 'objection-taken-back' });
    expect(await office.gate(customerId)).toBe('ready');
    expect(await objectionsOf(customerId)).toMatchObject([{ standing: 'taken-back', takenBackAt }]);
    expect(await office.log(requestId)).toEqual([
      'request-received',
      'request-fulfilled',
      'objection-taken-back',
    ]);
  });

  it('of verification gives no consent back: what it ended stays ended until the person agrees anew', async () => {
    const customerId = await office.enrolledCustomer('DE');
    const { objectionId } = await made(customerId, { kind: 'objection', scopes: ['verification'] });
    await takeBack(customerId, objectionId).expect(200);
    expect(await office.gate(customerId)).toBe('opted-out: consent-withdrawn');
    expect(await kept(customerId)).toEqual(['revoked']);
    await office.consent(customerId);
    expect(await office.gate(customerId)).toBe('not-enrolled');
  });

  it('has flags shown again that the objection to profiling held back', async () => {
    const customerId = await office.customer('US-VA');
    const { objectionId } = await made(customerId, { kind: 'objection', scopes: ['profiling'] });
    const callId = await flaggedCall(customerId);
    const shown: unknown[] = [];
    const showFlag = (flag: unknown): unknown => shown.push(flag);
    const description = { tenantId: office.tenantId };
    const call = { callId, description, claimedCustomerId: customerId, showFlag };
    await callFlags(call).refresh();
    await takeBack(customerId, objectionId).expect(200);
    await callFlags(call).refresh();
    expect(shown).toEqual([null, { severity: 'critical', reasons: [] }]);
  });

  it('is recorded once, whoever asks again or at the same moment, and never changed', async () => {
    const customerId = await office.customer('DE');
    const { objectionId, requestId } = await made(customerId, { kind: 'limit' });
    const answers = await Promise.all([1, 2].map(() => takeBack(customerId, objectionId).expect(200)));
    const repeated = answers.map(({ body }) => (body as TakenBack).alreadyTakenBack);
    expect(repeated.sort()).toEqual([false, true]);
    expect((await office.log(requestId)).filter((action) => action === 'objection-taken-back')).toHaveLength(
      1,
    );
    await expect(
      office.rows('UPDATE objections SET at = now() WHERE customer_id = $1', customerId),
    ).rejects.toThrow('append-only');
  });

  it('that was never made, or is another person’s, is said to be none, and nothing is recorded', async () => {
    const [customerId, other] = [await office.customer('DE'), await office.customer('DE')];
    const { objectionId } = await made(other, { kind: 'limit' });
    for (const id of [objectionId, crypto.randomUUID()]) {
      const { body } = await takeBack(customerId, id).expect(404);
      expect(slugOf(body)).toBe('objection-not-found');
    }
    expect(await office.rows('SELECT 1 FROM objections WHERE customer_id = $1', customerId)).toEqual([]);
    expect(await office.gate(other)).toBe('opted-out: objected');
    const stranger = `/v1/customers/${crypto.randomUUID()}/objections`;
    expect(slugOf((await agent.get(stranger).expect(404)).body)).toBe('customer-not-found');
  });

  it('before it was carried out waits, so that no consent comes back which it ends', async () => {
    const customerId = await office.enrolledCustomer('DE');
    const { objectionId, requestId } = await made(customerId, {
      kind: 'objection',
      scopes: ['verification'],
    });
    // As a crash between the two leaves it.
    await office.rows(
      `UPDATE requests SET state = 'received', answered_at = NULL WHERE request_id = $1`,
      requestId,
    );
    const { body } = await takeBack(customerId, objectionId).expect(409);
    expect([slugOf(body), (body as { requestId: string }).requestId]).toEqual([
      'objection-not-carried-out',
      requestId,
    ]);
    expect(await office.gate(customerId)).toMatch(/^opted-out/);
  });

  it('that an earlier version of Timbre was stopped in the middle of is carried out at start', async () => {
    const [customerId, agreed] = [await office.enrolledCustomer('DE'), await office.enrolledCustomer('DE')];
    for (const whose of [customerId, agreed]) {
      // Taken in, and in force; neither answered nor the consents ended.
      const { requestId } = await ask(whose, { kind: 'access' });
      await office.rows(
        `UPDATE requests SET kind = 'objection', scopes = '{verification}' WHERE request_id = $1`,
        requestId,
      );
      await office.rows(
        `INSERT INTO objections SELECT gen_random_uuid(), tenant_id, customer_id, request_id, kind, scopes, received_at, NULL
         FROM requests WHERE request_id = $1`,
        requestId,
      );
    }
    office.clock.now += 1;
    await office.consent(agreed);
    const answers = office.server.app.get(RequestAnswers, { strict: false });
    await answers.finishObjections(office.tenantId);
    for (const whose of [customerId, agreed])
      expect(await office.rows(`SELECT state FROM requests WHERE customer_id = $1`, whose)).toEqual([
        { state: 'fulfilled' },
      ]);
    expect(await kept(customerId)).toEqual(['revoked']);
    // Who has agreed again since is not made to say it a third time.
    expect(await office.gate(agreed)).toBe('ready');
  });

  it('is not recorded by a clock that was set back', async () => {
    const customerId = await office.customer('DE');
    const { objectionId } = await made(customerId, { kind: 'limit' });
    office.clock.now -= 1;
    expect(slugOf((await takeBack(customerId, objectionId).expect(503)).body)).toBe('clock-set-back');
    expect(await objectionsOf(customerId)).toMatchObject([{ standing: 'in-force' }]);
  });

  it('is told from one that gave way to a later consent', async () => {
    const customerId = await office.customer('DE');
    const { objectionId } = await made(customerId, { kind: 'objection', scopes: ['verification'] });
    office.clock.now += 1;
    await office.consent(customerId);
    expect(await objectionsOf(customerId)).toMatchObject([{ objectionId, standing: 'given-way' }]);
  });
});

describe('a universal opt-out signal (Global Privacy Control)', () => {
  const signals = (): OptOutSignalService => office.server.app.get(OptOutSignalService, { strict: false });
  const hear = (customerId: CustomerId, header: string | undefined) => {
    const by = { tenantId: office.tenantId, tokenId: crypto.randomUUID(), role: 'customer-service' };
    return signals().hear(by as Principal, customerId, header);
  };
  const requestsOf = async (customerId: CustomerId): Promise<RequestView[]> =>
    ((await agent.get(`/v1/customers/${customerId}/requests`)).body as { requests: RequestView[] }).requests;

  it.each(['US-CO', 'US-CA', 'DE'])(
    'is honoured where the law of %s asks for it, and recorded once',
    async (residence) => {
      const customerId = await office.customer(residence);
      expect(await hear(customerId, '1')).toBe('recorded');
      expect(await hear(customerId, '1')).toBe('standing');
      expect(await requestsOf(customerId)).toMatchObject([
        { kind: 'objection', scopes: ['sale-or-sharing'], channel: 'opt-out-signal', state: 'fulfilled' },
      ]);
    },
  );

  it('is recorded once also when two pages send it at once', async () => {
    const customerId = await office.customer('US-CO');
    await Promise.all([hear(customerId, '1'), hear(customerId, '1')]);
    expect(await requestsOf(customerId)).toHaveLength(1);
  });

  it.each([
    ['no law asks for it', 'US-VA', '1', 'not-asked-for'],
    ['nothing was sent', 'US-CO', undefined, 'no-signal'],
    ['the header says anything but 1', 'US-CO', '0', 'no-signal'],
  ] as const)('changes nothing where %s', async (_, residence, header, outcome) => {
    const customerId = await office.customer(residence);
    expect(await hear(customerId, header)).toBe(outcome);
    expect(await requestsOf(customerId)).toEqual([]);
  });

  it('is said to be honoured where its specification has sites say so', async () => {
    const answer = await fetch(`${office.server.url}/.well-known/gpc.json`);
    expect(await answer.json()).toMatchObject({ gpc: true });
  });
});
