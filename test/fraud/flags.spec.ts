import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallId, CustomerId } from '../../src/core/ids.js';
import { flagExamples } from '../../src/modules/fraud/flags/flag-examples.js';
import type { FlagFileView } from '../../src/modules/fraud/flag-file/flag-file.js';
import type { FlagSummary } from '../../src/modules/fraud/flags/flag-summary.js';
import { aCall, aCustomer, aVerification } from './call-rows.js';
import { FraudBench, type TestTenant } from './fraud-bench.js';
import { flaggedCall } from '../../src/modules/installation/facts/effects.js';

describe('flags', () => {
  const bench = new FraudBench();
  let tenant: TestTenant;
  let customerId: CustomerId;

  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  beforeEach(async () => {
    tenant = await bench.tenant();
    customerId = await aCustomer(bench, tenant);
  });

  const assess = (callId: CallId, llr: number) =>
    bench.flags.assessCall(tenant.tenantId, {
      callId,
      customerId,
      verification: aVerification('rejected', llr),
      accountEvents: [],
    });
  const aFlag = async (): Promise<FlagSummary> =>
    (await assess(await aCall(bench, tenant, { customerId }), -5))!;
  const file = async (flagId: string): Promise<FlagFileView> =>
    (await tenant.as('fraud').get(`/v1/flags/${flagId}`).expect(200)).body as FlagFileView;
  const review = async (flagId: string, body: object): Promise<FlagSummary> =>
    (await tenant.as('fraud').patch(`/v1/flags/${flagId}`).send(body).expect(200)).body as FlagSummary;
  const decided = async (state: string): Promise<FlagSummary> => {
    const { flagId } = await aFlag();
    await review(flagId, { state: 'in-review', assignee: 'kim', version: 1 });
    return review(flagId, { state, note: 'looked at it', version: 2 });
  };

  describe('from the voice', () => {
    it('are raised once, however often and at once the same call is assessed', async () => {
      const callId = await aCall(bench, tenant, { customerId });
      const summaries = await Promise.all(Array.from({ length: 20 }, () => assess(callId, -5)));
      expect(new Set(summaries.map((flag) => flag?.flagId)).size).toBe(1);
      expect(await bench.flags.forCall(tenant.tenantId, callId)).toEqual([{ ...summaries[0], version: 1 }]);
    });

    it('grow with the evidence, and never fall', async () => {
      const callId = await aCall(bench, tenant, { customerId });
      const severities: (string | undefined)[] = [];
      // Expected cost 79 000 × logistic(−llr − 6.395): 14 460, 65 830, then weaker evidence again.
      for (const llr of [-4.9, -8, -5]) severities.push((await assess(callId, llr))?.severity);
      expect(severities).toEqual(['medium', 'high', 'high']);
      const [flag] = await bench.flags.forCall(tenant.tenantId, callId);
      expect((await file(flag!.flagId)).history.map(({ kind }) => kind)).toEqual(['raised', 'grew']);
    });

    it('are one for each customer the call was claimed for', async () => {
      const callId = await aCall(bench, tenant, { customerId });
      const first = await assess(callId, -5);
      customerId = await aCustomer(bench, tenant);
      const second = await assess(callId, -8);
      expect(await bench.flags.forCall(tenant.tenantId, callId)).toEqual([second, first]);
    });
  });

  describe('in review', () => {
    it('are taken up and decided as the examples say, each change kept with who made it', async () => {
      const { flagId, callId } = await aFlag();
      const published = bench.heard((fact) => flaggedCall(fact) !== undefined, tenant.tenantId);
      const takenUp = await review(flagId, flagExamples.takeUp);
      expect(takenUp).toMatchObject({ state: 'in-review', assignee: 'm.keller', version: 2 });
      expect(await published).toMatchObject({ callId });
      const verdict = await review(flagId, flagExamples.decide);
      expect(verdict).toMatchObject({ state: 'false-alarm', assignee: 'm.keller', version: 3 });

      const { history, ...flag } = await file(flagId);
      expect(flag.state).toBe('false-alarm');
      expect(history.slice(1)).toEqual([
        {
          at: '2026-11-24T10:00:00.000Z',
          changedBy: expect.stringMatching(/^[0-9a-f-]{36}$/),
          kind: 'reviewed',
          state: { from: 'open', to: 'in-review' },
          assignee: { from: null, to: 'm.keller' },
        },
        {
          at: '2026-11-24T10:00:00.000Z',
          changedBy: history[1]?.changedBy,
          kind: 'reviewed',
          state: { from: 'in-review', to: 'false-alarm' },
          note: 'Called back on the number on file: it was the customer.',
        },
      ]);
      expect(await bench.metric('timbre_flags_decided_total')).toContain('{state="false-alarm"}');
    });

    it('refuse a step that is not possible, and name those that are', async () => {
      const { flagId } = await aFlag();
      const response = await tenant
        .as('fraud')
        .patch(`/v1/flags/${flagId}`)
        .send({ state: 'confirmed-fraud', note: 'sure', version: 1 })
        .expect(409);
      expect(response.body).toEqual({
        ...flagExamples.wrongTransition,
      });
    });

    it.each([
      ['a review without a reviewer', { state: 'in-review', version: 1 }, 'assignee'],
      ['an unknown state', { state: 'done', version: 1 }, 'state'],
      ['an unknown field', { note: 'x', version: 1, severity: 'low' }, 'severity'],
      ['an empty note', { note: '  ', version: 1 }, 'note'],
      ['nothing to change', { version: 1 }, 'body'],
    ])('refuse %s, naming the field', async (_, body, field) => {
      const { flagId } = await aFlag();
      const response = await tenant.as('fraud').patch(`/v1/flags/${flagId}`).send(body).expect(400);
      expect((response.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toEqual([
        field,
      ]);
    });

    it('refuse a verdict without a note', async () => {
      const { flagId } = await aFlag();
      await review(flagId, { state: 'in-review', assignee: 'kim', version: 1 });
      const response = await tenant
        .as('fraud')
        .patch(`/v1/flags/${flagId}`)
        .send({ state: 'inconclusive', version: 2 })
        .expect(400);
      expect(response.body).toMatchObject({ errors: [{ field: 'note' }] });
    });

    it('let one of two people through who saw the same version', async () => {
      const { flagId } = await aFlag();
      const takeUp = (assignee: string) =>
        tenant.as('fraud').patch(`/v1/flags/${flagId}`).send({ state: 'in-review', assignee, version: 1 });
      const statuses = (await Promise.all([takeUp('kim'), takeUp('lee')])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([200, 409]);
    });

    it('go by the ETag too', async () => {
      const { flagId } = await aFlag();
      const etag = (await tenant.as('fraud').get(`/v1/flags/${flagId}`)).headers['etag'] as string;
      expect(etag).toBe('"1"');
      const note = (ifMatch: string) =>
        tenant.as('fraud').patch(`/v1/flags/${flagId}`).set('If-Match', ifMatch).send({ note: 'seen' });
      expect((await note(etag).expect(200)).headers['etag']).toBe('"2"');
      expect((await note(etag).expect(412)).body).toMatchObject({ version: 2 });
      expect((await note('latest').expect(400)).body).toMatchObject({ errors: [{ field: 'If-Match' }] });
      await tenant.as('fraud').patch(`/v1/flags/${flagId}`).send({ note: 'blind' }).expect(428);
    });

    it('are reopened with a note', async () => {
      const { flagId } = await decided('confirmed-fraud');
      const reopened = await review(flagId, { state: 'open', note: 'it was somebody else', version: 3 });
      expect(reopened).toMatchObject({ state: 'open', assignee: null });
    });

    it.each([
      ['false-alarm', 'open'],
      ['inconclusive', 'open'],
      ['confirmed-fraud', 'confirmed-fraud'],
    ])('decided as %s are %s after something new happens', async (verdict, after) => {
      const { callId, flagId } = await decided(verdict);
      const accountEvents = [
        { accountEventId: randomUUID(), kind: 'payout' as const, at: '2026-11-24T10:00:00.000Z' },
      ];
      const verification = aVerification('rejected', -5);
      const call = { callId, customerId, verification, accountEvents };
      expect(await bench.flags.assessCall(tenant.tenantId, call)).toMatchObject({
        flagId,
        state: after,
        version: 4,
      });
      expect((await file(flagId)).history.at(-1)).toMatchObject({
        kind: 'grew',
        changedBy: null,
        added: ['sensitive-action'],
      });
    });

    it('decided as false alarm stay so when only the voice grows louder', async () => {
      const { callId } = await decided('false-alarm');
      expect(await assess(callId, -7)).toMatchObject({ state: 'false-alarm', version: 4 });
    });
  });

  describe('in the list', () => {
    const page = async (query: string): Promise<{ flags: FlagSummary[]; nextCursor: string | null }> =>
      (await tenant.as('fraud').get(`/v1/flags${query}`).expect(200)).body as {
        flags: FlagSummary[];
        nextCursor: string | null;
      };

    it('come page by page, each once', async () => {
      const raised = [await aFlag(), await aFlag(), await aFlag()].map(({ flagId }) => flagId);
      const first = await page('?limit=2');
      expect(first.flags).toHaveLength(2);
      const second = await page(`?limit=2&cursor=${first.nextCursor!}`);
      expect(second.nextCursor).toBeNull();
      expect([...first.flags, ...second.flags].map(({ flagId }) => flagId).sort()).toEqual(raised.sort());
    });

    it('are chosen by state, severity and call', async () => {
      const open = await aFlag();
      const fraud = await decided('confirmed-fraud');
      const only = async (query: string) => (await page(query)).flags.map(({ flagId }) => flagId);
      expect(await only('?state=confirmed-fraud')).toEqual([fraud.flagId]);
      expect(await only(`?callId=${open.callId}`)).toEqual([open.flagId]);
      expect(await only('?severity=low')).toEqual([]);
      expect(await only('?severity=medium&state=open')).toEqual([open.flagId]);
    });

    it.each([
      ['state=closed', 'state'],
      ['limit=0', 'limit'],
      ['cursor=abc', 'cursor'],
      ['callId=7', 'callId'],
      ['colour=red', 'colour'],
    ])('refuse %s, naming the field', async (query, field) => {
      const response = await tenant.as('fraud').get(`/v1/flags?${query}`).expect(400);
      expect(response.body).toMatchObject({ errors: [{ field }] });
    });
  });

  describe('are kept from', () => {
    it('other tenants', async () => {
      const { flagId, callId } = await aFlag();
      const other = await bench.tenant();
      await other.as('fraud').get(`/v1/flags/${flagId}`).expect(404);
      await other.as('fraud').patch(`/v1/flags/${flagId}`).send({ note: 'mine?', version: 1 }).expect(404);
      expect((await other.as('fraud').get('/v1/flags').expect(200)).body).toEqual({
        flags: [],
        nextCursor: null,
      });
      expect(await bench.flags.forCall(other.tenantId, callId)).toEqual([]);
      expect((await file(flagId)).version).toBe(1);
    });

    it.each(['telephony', 'agent', 'customer-service'] as const)('the role %s', async (role) => {
      const { flagId } = await aFlag();
      await tenant.as(role).get('/v1/flags').expect(403);
      await tenant.as(role).get(`/v1/flags/${flagId}`).expect(403);
      await tenant.as(role).patch(`/v1/flags/${flagId}`).send({ note: 'x', version: 1 }).expect(403);
    });

    it.each(['privacy', 'admin'] as const)('changes by the role %s, which may read them', async (role) => {
      const { flagId } = await aFlag();
      await tenant.as(role).get(`/v1/flags/${flagId}`).expect(200);
      await tenant.as(role).patch(`/v1/flags/${flagId}`).send({ note: 'x', version: 1 }).expect(403);
    });
  });
});
