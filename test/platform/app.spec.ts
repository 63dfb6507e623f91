import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import request from 'supertest';
import { entities } from '../../src/app.module.js';
import { migrations } from '../../migrations/index.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { startApp, type TestApp } from '../support/app.js';
import { Database } from '../../src/platform/database/database.service.js';
import { Shutdown } from '../../src/platform/health/shutdown.js';
import { silentLogger } from '../support/postgres.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Document {
  readonly paths: Record<string, Record<string, { readonly security?: object[]; readonly tags?: string[] }>>;
}

const publicRoutes = [
  '/health/live',
  '/health/ready',
  '/metrics',
  '/.well-known/timbre-receipt-keys',
  '/.well-known/gpc.json',
  // The policy of retention and destruction, which BIPA and Colorado want published.
  '/v1/retention-policies/{tenantId}',
  '/retention-policy/{tenantId}',
  '/v1/me/session', // a signed link is what it asks for
  '/agent',
  '/agent/{file}',
  '/agent/js/{file}',
  '/privacy',
  '/privacy/{file}',
  '/privacy/js/{file}',
  '/common/{file}',
  '/common/browser/{file}',
];

describe('the whole of Timbre', () => {
  it('is ready', async () => {
    await request(app.url).get('/health/ready').expect(200);
  });

  it('describes itself, and lets nobody without a token into any route that is not meant to be open', async () => {
    const { body }: { body: unknown } = await request(app.url).get('/docs-json').expect(200);
    const routes = Object.entries((body as Document).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path })),
    );
    expect(routes.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v1/tokens', '/v1/flags', '/v1/customers']),
    );
    const open: string[] = [];
    for (const { method, path } of routes) {
      const url = `${app.url}${path.replaceAll(/\{[^}]+\}/g, '00000000-0000-4000-8000-000000000000')}`;
      const { status } = await request(url)[method as 'get']('');
      // The customer page's own routes refuse another origin before they look for a visit.
      const isRefused = status === 401 || (status === 403 && path.startsWith('/v1/me/'));
      if (!isRefused) open.push(path);
    }
    expect(open.filter((path) => !publicRoutes.some((route) => path.startsWith(route)))).toEqual([]);
  });

  it('gives the page and its documentation to anyone', async () => {
    await request(app.url).get('/agent').redirects(1).expect(200).expect('content-type', /html/);
    await request(app.url).get('/docs').expect(200).expect('content-type', /html/);
  });

  it('has a table with the right columns for every entity', async () => {
    const source = createDataSource({ url: app.databaseUrl, pool: 2, entities, migrations }, silentLogger);
    await source.initialize();
    try {
      const wanted = source.entityMetadatas.map((entity) => [
        entity.tableName,
        entity.columns.map((column) => column.databaseName).sort(),
      ]);
      const found = await source.query<{ table: string; columns: string[] }[]>(
        `SELECT table_name AS table, array_agg(column_name::text ORDER BY column_name::text COLLATE "C") AS columns
         FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name`,
      );
      expect(Object.fromEntries(found.map(({ table, columns }) => [table, columns]))).toMatchObject(
        Object.fromEntries(wanted),
      );
    } finally {
      await source.destroy();
    }
  });

  it('keeps tenants apart in every table that holds a tenant, for the owner of the tables too', async () => {
    const admin = new pg.Client({ connectionString: app.adminUrl });
    await admin.connect();
    const { rows } = await admin.query<{ name: string; kept: boolean }>(
      `SELECT relname AS name, relrowsecurity AND relforcerowsecurity AND
         EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'tenant_id') AS kept
       FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL ($1)`,
      // What belongs to the installation, and says nothing of any tenant.
      [['timbre_migrations', 'key_store', 'process_leases']],
    );
    await admin.end();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ kept }) => !kept)).toEqual([]);
  });
});

it('shuts down in order: not ready, calls ended, queues flushed with the database still there, then closed', async () => {
  const seen: unknown[] = [];
  const shutdown = app.app.get(Shutdown, { strict: false });
  const database = app.app.get(Database, { strict: false });
  shutdown.register('flush', 'a queue', async () => {
    seen.push({ flushed: (await database.listTenants()).length });
  });
  shutdown.register('end-calls', 'a call', async () => {
    const { status } = await request(app.url).get('/health/ready');
    seen.push({ ready: status, calls: 'ended' });
  });
  await app.makeTenant();
  await app.close();
  expect(seen).toEqual([{ ready: 503, calls: 'ended' }, { flushed: 1 }]);
  await expect(request(app.url).get('/health/live')).rejects.toThrow(/ECONNREFUSED/);
  await expect(database.ping()).rejects.toThrow();
});
