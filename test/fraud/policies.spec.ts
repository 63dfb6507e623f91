import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { roles } from '../../src/core/auth/principal.js';
import { defaultPolicy, type Policy, type PolicyDocument } from '../../src/core/policy/policy.js';
import { aCall, aVerification } from './call-rows.js';
import { FraudBench, type TestTenant } from './fraud-bench.js';
import { recordFact } from '../../src/modules/installation/facts/record-fact.js';

const { version: shippedVersion, ...shipped } = defaultPolicy;

/** The shipped policy with changes of its verification part. */
function aPolicy(changes: Partial<PolicyDocument['verification']> = {}): PolicyDocument {
  return { ...shipped, verification: { ...shipped.verification, ...changes } };
}

describe('the policy', () => {
  const bench = new FraudBench();
  let tenant: TestTenant;

  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  beforeEach(async () => {
    tenant = await bench.tenant();
  });

  const put = (body: object) => tenant.as('admin').put('/v1/policy').send(body);
  const errorsOf = async (body: object): Promise<{ field: string; expected: string }[]> =>
    ((await put(body).expect(400)).body as { errors: { field: string; expected: string }[] }).errors;

  it.each(roles)('is the shipped one at first, for %s to read', async (role) => {
    const response = await tenant.as(role).get('/v1/policy').expect(200);
    expect(response.body).toEqual(defaultPolicy);
  });

  it('is in force everywhere as soon as it is written, as a version of its own', async () => {
    expect((await bench.policies.current(tenant.tenantId)).version).toBe(0);
    const published = bench.heard(({ action }) => action === 'policy-changed', tenant.tenantId);
    const strict = aPolicy({ operatingPoint: 'strict' });
    expect((await put(strict).expect(200)).body).toEqual({ ...strict, version: 1 });
    await published;
    expect(await bench.policies.current(tenant.tenantId)).toEqual({ ...strict, version: 1 });
  });

  it('is read again when another process has written it', async () => {
    await bench.policies.current(tenant.tenantId);
    const document = aPolicy({ minNetSpeechMs: 7000 });
    const heard = bench.heard(({ action }) => action === 'policy-changed', tenant.tenantId);
    await bench.server.database.forTenant(tenant.tenantId, async (em) => {
      await em.query(
        'INSERT INTO policies (tenant_id, version, document, created_at) VALUES ($1, 1, $2, now())',
        [tenant.tenantId, document],
      );
      const subject = { kind: 'policy', id: '1' } as const;
      await recordFact(em, tenant.tenantId, new Date(), { action: 'policy-changed', by: null, subject });
    });
    await heard;
    expect(await bench.policies.current(tenant.tenantId)).toEqual({ ...document, version: 1 });
  });

  it('keeps every version, newest first, also of writers at the same moment', async () => {
    await Promise.all(
      [6000, 7000, 8000].map((minNetSpeechMs) => put(aPolicy({ minNetSpeechMs })).expect(200)),
    );
    const response = await tenant.as('agent').get('/v1/policy/versions').expect(200);
    const { versions } = response.body as { versions: { version: number; document: Policy }[] };
    expect(versions.map(({ version }) => version)).toEqual([3, 2, 1, shippedVersion]);
    expect(versions.at(-1)?.document).toEqual(shipped);
    expect(new Set(versions.map(({ document }) => document.verification.minNetSpeechMs)).size).toBe(4);
  });

  it("is the tenant's own", async () => {
    await put(aPolicy({ operatingPoint: 'strict' })).expect(200);
    const other = await bench.tenant();
    expect((await other.as('admin').get('/v1/policy')).body).toEqual(defaultPolicy);
  });

  it('refuses operating points out of order', async () => {
    const points = shipped.verification.operatingPoints;
    const swapped = aPolicy({
      operatingPoints: { ...points, standard: points.strict, strict: points.standard },
    });
    expect(await errorsOf(swapped)).toEqual([
      {
        field: 'verification.operatingPoints.strict',
        expected: 'an acceptance bound no lower than that of standard',
      },
    ]);
  });

  it('refuses costs at which accepting and rejecting would overlap', async () => {
    const points = {
      ...shipped.verification.operatingPoints,
      convenience: { costFalseAccept: 500, costFalseReject: 1 },
    };
    // 500 < (1 − 1/600) / (1/600) = 599: the bound is below 0 nats
    expect((await errorsOf(aPolicy({ operatingPoints: points }))).map(({ field }) => field)).toEqual([
      'verification.operatingPoints.convenience',
    ]);
  });

  it('refuses severities out of order', async () => {
    const severityFromExpectedCost = { low: 200, medium: 100, high: 10_000, critical: 1000 };
    const policy = { ...shipped, risk: { ...shipped.risk, severityFromExpectedCost } };
    expect((await errorsOf(policy)).map(({ field }) => field)).toEqual([
      'risk.severityFromExpectedCost.medium',
      'risk.severityFromExpectedCost.critical',
    ]);
  });

  it('names every field that is wrong', async () => {
    const policy = { ...aPolicy({ priorFraud: 2 }), retention: undefined, colour: 'red' };
    const fields = (await errorsOf(policy)).map(({ field }) => field);
    expect(fields.sort()).toEqual(['colour', 'retention', 'verification.priorFraud']);
  });

  it.each(roles.filter((role) => role !== 'admin'))('is not for %s to write', async (role) => {
    await tenant.as(role).put('/v1/policy').send(shipped).expect(403);
  });
});

describe('the API description', () => {
  const bench = new FraudBench();
  beforeAll(() => bench.start());
  afterAll(() => bench.stop());

  interface Described {
    readonly paths: Record<string, Record<string, { requestBody?: { content: Record<string, Body> } }>>;
  }
  interface Body {
    readonly examples: Record<string, { value: object }>;
  }

  it('has examples that work for what is sent to policies, accounts and flags', async () => {
    const tenant = await bench.tenant();
    const { paths } = (await tenant.as('admin').get('/docs-json').expect(200)).body as Described;
    const examples = (method: string, path: string): object[] =>
      Object.values(paths[path]![method]!.requestBody!.content['application/json']!.examples).map(
        ({ value }) => value,
      );

    for (const policy of examples('put', '/v1/policy')) {
      await tenant.as('admin').put('/v1/policy').send(policy).expect(200);
    }
    const callId = await aCall(bench, tenant, { verification: aVerification('rejected', -5) });
    for (const event of examples('post', '/v1/calls/{id}/account-events')) {
      await tenant.as('agent').post(`/v1/calls/${callId}/account-events`).send(event).expect(201);
    }
    const [flag] = await bench.flags.forCall(tenant.tenantId, callId);
    for (const review of examples('patch', '/v1/flags/{id}')) {
      await tenant.as('fraud').patch(`/v1/flags/${flag!.flagId}`).send(review).expect(200);
    }
  });
});
