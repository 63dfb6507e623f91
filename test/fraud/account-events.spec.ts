import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallId, CustomerId } from '../../src/core/ids.js';
import { CallEventWriter } from '../../src/modules/calls/call-log/call-event-writer.js';
import type { FlagFileView } from '../../src/modules/fraud/flag-file/flag-file.js';
import type { FlagSummary } from '../../src/modules/fraud/flags/flag-summary.js';
import { aCall, aCustomer, aVerification } from './call-rows.js';
import { FraudBench, type TestTenant } from './fraud-bench.js';
import { flaggedCall } from '../../src/modules/installation/facts/effects.js';

interface Answer {
  readonly accountEventId: string;
  readonly flag: FlagSummary | null;
  readonly verificationState: string;
}

describe('account events', () => {
  const bench = new FraudBench();
  let tenant: TestTenant;
  let customerId: CustomerId;

  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  beforeEach(async () => {
    tenant = await bench.tenant();
    customerId = await aCustomer(bench, tenant);
  });

  const events = (callId: CallId) => `/v1/calls/${callId}/account-events`;
  const post = async (callId: CallId, kind: string): Promise<Answer> => {
    const response = await tenant.as('agent').post(events(callId)).send({ kind }).expect(201);
    return response.body as Answer;
  };
  const flagsOf = async (callId: CallId): Promise<FlagSummary[]> => {
    const response = await tenant.as('fraud').get(`/v1/flags?callId=${callId}`).expect(200);
    return (response.body as { flags: FlagSummary[] }).flags;
  };

  it('raise no flag while the caller is verified', async () => {
    const callId = await aCall(bench, tenant, { customerId, verification: aVerification('accepted', 6) });
    const answer = await post(callId, 'payout');
    expect(answer).toEqual({
      accountEventId: expect.any(String),
      flag: null,
      verificationState: 'accepted',
    });
    expect(await flagsOf(callId)).toEqual([]);
  });

  it('raise a flag, stored before the answer, for a payout after a rejection', async () => {
    const callId = await aCall(bench, tenant, { customerId, verification: aVerification('rejected', -5) });
    const published = bench.heard((fact) => flaggedCall(fact) !== undefined, tenant.tenantId);
    const { flag, verificationState, accountEventId } = await post(callId, 'payout');
    // prior −6.395 + voice 5 + action 1.5 = 0.105 log-odds, 0.526 × 79 000 = 41 570
    expect(flag).toMatchObject({ callId, customerId, severity: 'medium', state: 'open', version: 1 });
    expect(flag?.reasons.map(({ code }) => code)).toEqual(['voice-mismatch', 'sensitive-action']);
    expect(verificationState).toBe('rejected');
    // The list says more of each: its call, whom it is of, by when it is to be decided.
    expect(await flagsOf(callId)).toMatchObject([flag!]);
    expect(await published).toMatchObject({ callId });

    const response = await tenant.as('fraud').get(`/v1/flags/${flag!.flagId}`).expect(200);
    const file = response.body as FlagFileView;
    expect(file.reasons[1]?.evidence).toEqual({
      actions: [
        { accountEventId, kind: 'payout', at: '2026-11-24T10:00:00.000Z', verificationState: 'rejected' },
      ],
    });
    expect(file.accountEvents).toEqual([
      { accountEventId, customerId, kind: 'payout', reference: null, at: '2026-11-24T10:00:00.000Z' },
    ]);
    expect(file.call).toMatchObject({ closedAt: null, verification: { state: 'rejected', llr: -5 } });
    expect(file.history).toEqual([
      {
        at: '2026-11-24T10:00:00.000Z',
        changedBy: null,
        kind: 'raised',
        severity: 'medium',
        reasons: ['voice-mismatch', 'sensitive-action'],
        policyVersion: 0,
      },
    ]);
  });

  it('raise none for a customer without a voice check, of whom they say nothing', async () => {
    const callId = await aCall(bench, tenant, { customerId, verification: aVerification('not-enrolled') });
    expect((await post(callId, 'address-change')).flag).toBeNull();
  });

  it('grow the flag and its severity, with failed knowledge checks counted from before', async () => {
    const callId = await aCall(bench, tenant, {
      customerId,
      verification: aVerification('inconclusive', -2),
    });
    expect((await post(callId, 'failed-knowledge-check')).flag).toBeNull();
    const raised = (await post(callId, 'payout')).flag!;
    expect(raised.reasons.map(({ code }) => code)).toEqual([
      'voice-mismatch',
      'sensitive-action',
      'failed-knowledge-checks',
    ]);
    const grown = (await post(callId, 'failed-knowledge-check')).flag!;
    expect(grown).toMatchObject({ flagId: raised.flagId, version: 2 });
    expect(grown.reasons.find(({ code }) => code === 'failed-knowledge-checks')?.weightNats).toBe(1);
    const after = (await post(callId, 'plain-access')).flag!;
    expect(after).toEqual(grown);
  });

  it('of twenty at the same moment make one flag that shows them all', async () => {
    const callId = await aCall(bench, tenant, { customerId, verification: aVerification('rejected', -5) });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(callId, 'payout')));
    expect(new Set(answers.map(({ flag }) => flag?.flagId)).size).toBe(1);
    const [flag, ...others] = await flagsOf(callId);
    expect(others).toEqual([]);
    expect(flag?.version).toBe(20);
    const response = await tenant.as('fraud').get(`/v1/flags/${flag!.flagId}`).expect(200);
    const file = response.body as FlagFileView;
    const action = file.reasons.find((reason) => reason.code === 'sensitive-action');
    expect(new Set(action?.evidence.actions.map(({ accountEventId }) => accountEventId))).toEqual(
      new Set(answers.map(({ accountEventId }) => accountEventId)),
    );
    expect(file.history.map(({ kind }) => kind)).toEqual([
      'raised',
      ...Array.from({ length: 19 }, () => 'grew'),
    ]);
    expect(await bench.metric('timbre_flags_raised_total')).toContain('severity="medium"');
  });

  it("appear in the call's live events", async () => {
    const callId = await aCall(bench, tenant, { customerId });
    const { accountEventId } = await post(callId, 'limit-change');
    await bench.server.app.get(CallEventWriter, { strict: false }).flushed();
    const rows = await bench.server.database.forTenant(tenant.tenantId, (em) =>
      em.query(`SELECT kind, payload FROM call_events WHERE call_id = $1 AND kind = 'account-event'`, [
        callId,
      ]),
    );
    expect(rows).toEqual([
      {
        kind: 'account-event',
        payload: { accountEventId, kind: 'limit-change', customerId, verificationState: 'collecting' },
      },
    ]);
  });

  it('are taken for fifteen minutes after the call, and not a moment longer', async () => {
    const minutesAgo = (minutes: number) => new Date(bench.nowMs - minutes * 60_000);
    const ended = (minutes: number) =>
      aCall(bench, tenant, {
        customerId,
        verification: aVerification('rejected', -5),
        openedAt: minutesAgo(30),
        closedAt: minutesAgo(minutes),
      });
    expect((await post(await ended(15), 'payout')).flag).not.toBeNull();
    const response = await tenant
      .as('agent')
      .post(events(await ended(15.1)))
      .send({ kind: 'payout' })
      .expect(409);
    expect(response.body).toMatchObject({ type: 'urn:timbre:problem:call-closed' });
  });

  it('name the number that many customers are claimed from, and the number new for the customer', async () => {
    const earlier = new Date(bench.nowMs - 3_600_000);
    const aniHash = 'hash of one number';
    for (const other of [await aCustomer(bench, tenant), await aCustomer(bench, tenant)]) {
      await aCall(bench, tenant, { customerId: other, aniHash, openedAt: earlier });
    }
    await aCall(bench, tenant, { customerId, aniHash: 'hash of the usual number', openedAt: earlier });
    const callId = await aCall(bench, tenant, { customerId, aniHash });
    const { flag } = await post(callId, 'payout');
    expect(flag?.reasons.map(({ text }) => text)).toEqual([
      'The calling number was used for 3 customers within 24 hours.',
      'Payout at 2026-11-24T10:00:00.000Z, before the voice check had enough speech to decide.',
      "The calling number is in none of this customer's 1 earlier calls.",
    ]);
  });

  it('hand the flag of an unclaimed call to the customer named later', async () => {
    const callId = await aCall(bench, tenant, { verification: aVerification('not-claimed') });
    for (let failed = 0; failed < 3; failed += 1) await post(callId, 'failed-knowledge-check');
    // prior −6.395 + action 1 + checks 1.5: 2 %.
    const { flag } = await post(callId, 'payout');
    expect(flag?.customerId).toBeNull();
    const verification = aVerification('rejected', -5);
    const named = await bench.flags.assessCall(tenant.tenantId, {
      callId,
      customerId,
      verification,
      accountEvents: [],
    });
    expect(named).toMatchObject({ flagId: flag!.flagId, customerId });
    expect(await bench.flags.forCall(tenant.tenantId, callId)).toEqual([named]);
  });

  describe('refuse', () => {
    it.each([
      ['an unknown kind', { kind: 'steal' }, 'kind'],
      ['no kind', {}, 'kind'],
      ['an unknown field', { kind: 'payout', amount: 5 }, 'amount'],
      ['a sentence for a reference', { kind: 'payout', reference: 'call Mrs. Jones' }, 'reference'],
    ])('%s, naming the field', async (_, body, field) => {
      const callId = await aCall(bench, tenant);
      const response = await tenant.as('agent').post(events(callId)).send(body).expect(400);
      expect((response.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
        field,
      ]);
    });

    it('a call of another tenant as if it did not exist', async () => {
      const callId = await aCall(bench, await bench.tenant());
      const problem = { type: 'urn:timbre:problem:unknown-call', status: 404 };
      for (const id of [callId, randomUUID() as string as CallId]) {
        const response = await tenant.as('agent').post(events(id)).send({ kind: 'payout' }).expect(404);
        expect(response.body).toMatchObject(problem);
      }
    });

    it.each(['customer-service', 'privacy', 'admin'] as const)('the role %s', async (role) => {
      const callId = await aCall(bench, tenant);
      await tenant.as(role).post(events(callId)).send({ kind: 'payout' }).expect(403);
    });
  });
});
