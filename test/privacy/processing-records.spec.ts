import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { TenantId } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policy/policy.js';
import { checkDataMap } from '../../src/core/privacy/data-map/check-data-map.js';
import { storedTables as dataMap } from '../../src/app/stored-tables.js';
import type { ProcessingRecord } from '../../src/core/privacy/processing-record.js';
import { policiesEntities } from '../../src/modules/installation/policies/policies.entities.js';
import { PoliciesModule } from '../../src/modules/installation/policies/policies.module.js';
import { PoliciesService } from '../../src/modules/installation/policies/policies.service.js';
import type { DataMapView } from '../../src/modules/rights/processing-records/data-map-view.js';
import type { PublishedRetention } from '../../src/core/privacy/published-retention.js';
import { PublishedRetentionModule } from '../../src/modules/rights/published-retention/published-retention.module.js';
import { ProcessingRecordsModule } from '../../src/modules/rights/processing-records/processing-records.module.js';
import { clientOf, type Client } from '../customers/support.js';
import { startServer, type TestServer } from '../support/app.js';

let server: TestServer;
let owner: pg.Client;
let tenantId: TenantId;
let privacy: Client;

beforeAll(async () => {
  server = await startServer({
    modules: [PoliciesModule, ProcessingRecordsModule, PublishedRetentionModule],
    entities: policiesEntities,
  });
  owner = new pg.Client({ connectionString: server.postgres.adminUrl });
  await owner.connect();
  tenantId = await server.makeTenant();
  privacy = clientOf(server.url, await server.makeToken(tenantId, 'privacy'));
});
afterAll(async () => {
  await owner.end();
  await server.close();
});

const path = '/v1/privacy/processing-record';

describe('the data map', () => {
  const read = async (): Promise<DataMapView> =>
    (await privacy.get('/v1/privacy/data-map').expect(200)).body as DataMapView;

  it('knows every column of the migrated database, and none beside', async () => {
    const { comparedWithDatabase, tables } = await read();
    expect(comparedWithDatabase).toEqual({ unmapped: [], stale: [], incomplete: [] });
    expect(tables.map(({ table }) => table)).toContain('audit_entries');
  });

  it('sees as much as the owner of the database does', async () => {
    const { rows } = await owner.query<{ table: string; column: string }>(
      `SELECT c.relname AS table, a.attname AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
         AND c.relname <> 'timbre_migrations'`,
    );
    const stored = rows.map(({ table, column }) => ({ table, columns: [column] }));
    expect(checkDataMap(dataMap, stored)).toEqual({ unmapped: [], stale: [], incomplete: [] });
  });

  it('says when somebody has put a column into the database that nobody has classified', async () => {
    await owner.query('ALTER TABLE customers ADD shoe_size integer');
    expect((await read()).comparedWithDatabase.unmapped).toEqual(['customers.shoe_size']);
    await owner.query('ALTER TABLE customers DROP shoe_size');
  });
});

describe('the record of processing activities', () => {
  const controllerDetails = {
    ...defaultPolicy.controllerDetails,
    controller: { name: 'Example Bank plc', address: '1 High Street, London', email: 'dpo@bank.example' },
    dataProtectionOfficer: { name: 'Data protection office', email: 'dpo@bank.example' },
    recipients: [{ name: 'Carrier Ltd', what: 'brings the calls', role: 'processor' as const }],
    transfers: [{ country: 'US', recipient: 'Carrier Ltd', safeguard: 'standard | contractual clauses' }],
    securityMeasures: ['Offices are locked.'],
  };

  it('names what the business has not said yet', async () => {
    const record: ProcessingRecord = (await privacy.get(path).expect(200)).body;
    expect(record.missing).toEqual([
      expect.stringMatching(/^controller: /),
      expect.stringMatching(/^dataProtectionOfficer/),
      expect.stringMatching(/^recipients: /),
    ]);
  });

  it('holds all that GDPR Art. 30(1) asks for, from product and policy', async () => {
    const { version: shipped, ...document } = defaultPolicy;
    const policies = server.app.get(PoliciesService, { strict: false });
    await policies.replace(tenantId, { ...document, controllerDetails }, crypto.randomUUID() as never);
    const record: ProcessingRecord = (await privacy.get(path).expect(200)).body;
    expect(record).toMatchObject({ ...controllerDetails, policyVersion: shipped + 1, missing: [] });
    const enrolment = record.activities.find(({ id }) => id === 'enrolment')!;
    expect(enrolment).toMatchObject({
      specialCategory: true,
      tables: expect.arrayContaining(['voiceprints']),
    });
    expect(enrolment.legalBases[0]).toMatchObject({ law: 'GDPR', article: 'Art. 9(2)(a), 6(1)(a)' });
    for (const { people, categories, recipients, retention, erasure } of record.activities)
      for (const part of [people, categories, recipients, retention, erasure]) expect(part).not.toEqual([]);
  });

  it('can be read by people', async () => {
    const { headers, text } = await privacy.get(`${path}.md`).expect(200);
    expect(headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(text).toContain('Example Bank plc, 1 High Street, London, dpo@bank.example');
    expect(text).toContain('standard \\| contractual clauses');
    expect(text).toContain('- Offices are locked.');
  });

  it.each(['agent', 'customer-service', 'fraud', 'telephony'] as const)(
    'is not for the role %s',
    async (role) => {
      const client = clientOf(server.url, await server.makeToken(tenantId, role));
      await client.get(path).expect(403);
      await client.get('/v1/privacy/data-map').expect(403);
    },
  );
});

describe('the public policy of retention', () => {
  const open = (path: string): Promise<Response> => fetch(`${server.url}${path}`);

  it('is there for anybody, as a page and as data, and follows the policy in force', async () => {
    const policies = server.app.get(PoliciesService, { strict: false });
    const { version, ...document } = {
      ...defaultPolicy,
      retention: { ...defaultPolicy.retention, callDays: 77 },
    };
    expect(version).toBe(0);
    await policies.replace(tenantId, document, crypto.randomUUID() as never);
    const data = await open(`/v1/retention-policies/${tenantId}`);
    expect(data.headers.get('cache-control')).toBe('public, max-age=60');
    const { classes } = (await data.json()) as PublishedRetention;
    expect(classes.find(({ kind }) => kind === 'call')?.days).toBe(77);
    const page = await open(`/retention-policy/${tenantId}`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await page.text()).toContain('77 days after the call');
  });

  it('answers an address that is nobody’s like one that is none, and asks the database once for many', async () => {
    const asked = jest.spyOn(server.database, 'listTenants');
    const strangers = Array.from({ length: 50 }, () => crypto.randomUUID());
    const answers = await Promise.all(
      [...strangers, 'harbour-bank', '%00', tenantId.slice(1)].map(async (id) => {
        const answer = await open(`/v1/retention-policies/${id}`);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        return [answer.status, ((await answer.json()) as { type: string }).type];
      }),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(['404,urn:timbre:problem:not-found']));
    expect(asked.mock.calls.length).toBeLessThanOrEqual(1);
    asked.mockRestore();
  });
});
