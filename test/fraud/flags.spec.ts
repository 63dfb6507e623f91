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

  describe('searched', () => {
    interface Page {
      readonly flags: (FlagSummary & { readonly accountRef?: string; readonly decideBy: string })[];
      readonly nextCursor: string | null;
      readonly counts?: { total: number; bySeverity: object; byState: object };
    }
    const found = async (query: string, role: 'fraud' | 'admin' = 'fraud'): Promise<Page> =>
      (await tenant.as(role).get(`/v1/flags?${query}`).expect(200)).body as Page;
    const ids = async (query: string): Promise<string[]> =>
      (await found(query)).flags.map(({ flagId }) => flagId);

    it('are found by each field that a desk asks for', async () => {
      const aniHash = `hash-${randomUUID()}`;
      const mine = (await assess(await aCall(bench, tenant, { customerId, aniHash }), -5))!;
      await review(mine.flagId, { state: 'in-review', assignee: 'kim', version: 1 });
      const mineWas = customerId;
      customerId = await aCustomer(bench, tenant);
      const other = await aFlag();
      const hers = encodeURIComponent(`account ${mineWas}`);
      for (const query of [
        `flagId=${mine.flagId}`,
        `callId=${mine.callId}`,
        `customerId=${mineWas}`,
        `accountRef=${hers}`,
        `numberHash=${aniHash}`,
        'state=in-review',
        'assignee=kim',
        'assignee=kim&assignee=lee',
        'assigned=true',
      ])
        expect([query, await ids(query)]).toEqual([query, [mine.flagId]]);
      for (const query of ['assigned=false', 'state=open', `customerId=${customerId}`])
        expect([query, await ids(query)]).toEqual([query, [other.flagId]]);
      for (const query of [
        'reason=voice-mismatch&reason=sensitive-action',
        'severity=low&severity=medium',
        'state=open&state=in-review',
        'policyVersion=0',
        'from=2026-11-24T10:00:00Z&to=2026-11-24T10:00:01Z',
        'changedFrom=2026-11-24T10:00:00Z&changedTo=2026-11-24T10:00:01Z',
        `customerId=${mineWas}&customerId=${customerId}`,
      ])
        expect([query, (await ids(query)).sort()]).toEqual([query, [mine.flagId, other.flagId].sort()]);
      for (const query of [
        'reason=sensitive-action',
        'policyVersion=7',
        'to=2026-11-24T10:00:00Z',
        'assignee=kim&assigned=false',
      ])
        expect([query, await ids(query)]).toEqual([query, []]);
    });

    it('come in each order page by page, every flag once, the gravest first where it is asked', async () => {
      const llrs = [-4.1, -8, -5, -9];
      for (const llr of llrs) await assess(await aCall(bench, tenant, { customerId }), llr);
      for (const sort of ['newest', 'oldest', 'changed', 'gravest']) {
        const seen: FlagSummary[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const page: Page = await found(`sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`);
          seen.push(...page.flags);
          cursor = page.nextCursor;
        }
        expect([sort, new Set(seen.map(({ flagId }) => flagId)).size, seen.length]).toEqual([sort, 4, 4]);
        if (sort === 'gravest')
          expect(seen.map(({ severity }) => severity)).toEqual(['critical', 'high', 'medium', 'low']);
      }
      const { nextCursor } = await found('sort=oldest&limit=2');
      const refused = await tenant
        .as('fraud')
        .get(`/v1/flags?sort=gravest&cursor=${nextCursor!}`)
        .expect(400);
      expect(refused.body).toMatchObject({ errors: [{ field: 'cursor' }] });
    });

    it('are counted by severity and by state, each as if it were not chosen', async () => {
      await assess(await aCall(bench, tenant, { customerId }), -8);
      await aFlag();
      await decided('false-alarm');
      expect((await found('counts=true&state=open&severity=medium')).counts).toEqual({
        total: 1,
        bySeverity: { low: 0, medium: 1, high: 1, critical: 0 },
        byState: { open: 1, 'in-review': 0, 'confirmed-fraud': 0, 'false-alarm': 1, inconclusive: 0 },
      });
    });

    it('say until when the policy wants them decided', async () => {
      const { flagId } = await aFlag();
      const { flags } = await found(`flagId=${flagId}`);
      expect(flags[0]).toMatchObject({ severity: 'medium', decideBy: '2026-11-25T10:00:00.000Z' });
    });

    it('say whose account it is to the fraud team alone, and every look is in the audit log', async () => {
      const { flagId, callId } = await aFlag();
      expect((await found(`flagId=${flagId}`)).flags[0]).not.toHaveProperty('accountRef');
      await tenant.as('admin').get('/v1/flags?accountRefs=true').expect(403);
      await tenant.as('privacy').get('/v1/flags?accountRefs=true').expect(403);
      const look = bench.heard(({ action }) => action === 'account-reference-seen', tenant.tenantId);
      const { flags } = await found(`flagId=${flagId}&accountRefs=true`);
      expect(flags[0]?.accountRef).toBe(`account ${customerId}`);
      expect(await look).toMatchObject({
        subject: { kind: 'customer', id: customerId },
        callId,
        details: { flagId },
      });
    });

    it('go out as CSV and as JSON Lines, all of them, without account references', async () => {
      const flags = [await aFlag(), await aFlag(), await decided('false-alarm')];
      const told = bench.heard(({ action }) => action === 'flag-list-exported', tenant.tenantId);
      const lines = await tenant.as('fraud').get('/v1/flag-export?state=open').buffer(true).expect(200);
      expect(lines.headers['content-type']).toBe('application/x-ndjson');
      expect(await told).toMatchObject({ details: { format: 'ndjson' } });
      const read = lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as FlagSummary);
      expect(read.map(({ flagId }) => flagId).sort()).toEqual(
        flags
          .slice(0, 2)
          .map(({ flagId }) => flagId)
          .sort(),
      );
      const csv = await tenant.as('fraud').get('/v1/flag-export?format=csv').expect(200);
      const rows = csv.text.trimEnd().split('\r\n');
      expect(rows[0]).toBe(
        'flagId,severity,state,createdAt,decideBy,updatedAt,assignee,customerId,callId,callOpenedAt,numberHash,callsOfCustomer,policyVersion,reasons,texts',
      );
      expect(rows).toHaveLength(4);
      expect(rows.join()).not.toContain('account ');
    });

    it.each([
      ['severity=dire', 'severity'],
      ['severity=high&severity=dire', 'severity'],
      ['reason=hunch', 'reason'],
      ['sort=random', 'sort'],
      ['policyVersion=x', 'policyVersion'],
      ['from=yesterday', 'from'],
      ['accountRef=%00', 'accountRef'],
      ['assigned=maybe', 'assigned'],
    ])('refuse %s, naming the field', async (query, field) => {
      const response = await tenant.as('fraud').get(`/v1/flags?${query}`).expect(400);
      expect(response.body).toMatchObject({ errors: [{ field }] });
    });
  });

  it('are given to who holds a token of the role fraud, and to nobody else', async () => {
    const { flagId } = await aFlag();
    const staff = await tenant.as('admin').get('/v1/fraud-staff').expect(200);
    expect(staff.body).toEqual({ you: null, staff: ['kim', 'lee', 'm.keller', 'test'] });
    expect((await tenant.as('fraud').get('/v1/fraud-staff').expect(200)).body).toMatchObject({ you: 'test' });
    const refused = await tenant
      .as('fraud')
      .patch(`/v1/flags/${flagId}`)
      .send({ state: 'in-review', assignee: 'nobody', version: 1 })
      .expect(400);
    expect(refused.body).toMatchObject({ errors: [{ field: 'assignee' }] });
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
