/**
 * How long a page of the fraud desk's queue takes, with its counts: `npm run bench:flag-queue [-- --times 200 --flags 500,50000]`.
 * Over HTTP, on an embedded PostgreSQL filled with open flags, each on a call and customer of its own.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { TenantsService } from '../src/modules/installation/tenants/tenants.service.js';
import { TokensService } from '../src/modules/installation/tokens/tokens.service.js';
import { loadConfig } from '../src/platform/config/config.js';
import { startEmbeddedDatabase } from '../src/platform/database/embedded/embedded-database.js';
import { createLogger } from '../src/platform/logging/logger.js';
import { startTimbre } from '../src/start.js';
import { machine } from './machine.js';
import { quantile, round } from './numbers.js';

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    flags: { type: 'string', default: '500,50000' },
  },
});
const queue = 'state=open&state=in-review&sort=gravest&counts=true&limit=50';
const pages: Readonly<Record<string, string>> = {
  'gravest, counts': queue,
  'gravest, counts, account references': `${queue}&accountRefs=true`,
  'one severity and reason, counts': `${queue}&severity=high&reason=voice-mismatch`,
  'newest of all states, counts': 'counts=true&limit=50',
};

const logger = createLogger('fatal');
const dataDir = mkdtempSync(join(tmpdir(), 'timbre-bench-flags-'));
const postgres = await startEmbeddedDatabase({ dataDir, port: 0, connections: 50, durable: true }, logger);
const timbre = await startTimbre(
  loadConfig({
    DATABASE_URL: postgres.url,
    TIMBRE_MASTER_KEY: randomBytes(32).toString('base64'),
    TIMBRE_HTTP_PORT: '0',
    TIMBRE_WORKERS: '1',
    TIMBRE_LOG_LEVEL: 'fatal',
  }),
  logger,
);
const owner = new pg.Client({ connectionString: postgres.adminUrl.replace(/postgres$/, 'timbre') });
await owner.connect();
process.stdout.write(`${machine().text}, load ${machine().loadAverage}\n`);
process.stdout.write('| open flags | page | p50 ms | p95 ms | worst ms |\n| --- | --- | --- | --- | --- |\n');
for (const count of values.flags.split(',').map(Number)) await measure(count);
await owner.end();
await timbre.close();
await postgres.stop();
rmSync(dataDir, { recursive: true });

async function measure(count: number): Promise<void> {
  const tenantId = await timbre.app
    .get(TenantsService, { strict: false })
    .create(`bench of ${String(count)} flags`);
  const tokens = timbre.app.get(TokensService, { strict: false });
  const { token } = await tokens.create(tenantId, { role: 'fraud', label: 'bench', expiresAt: undefined });
  await fill(tenantId, count);
  const ask = async (query: string): Promise<number> => {
    const began = performance.now();
    const answer = await fetch(`${timbre.url}/v1/flags?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.json();
    return performance.now() - began;
  };
  for (const [name, query] of Object.entries(pages)) {
    for (let warm = 0; warm < 5; warm++) await ask(query);
    const times: number[] = [];
    for (let time = 0; time < Number(values.times); time++) times.push(await ask(query));
    const [p50, p95, worst] = [0.5, 0.95, 1].map((share) => round(quantile(times, share), 1));
    process.stdout.write(`| ${count} | ${name} | ${p50} | ${p95} | ${worst} |\n`);
  }
}

/** Every tenth has two reasons; severities and times are spread. */
async function fill(tenantId: string, count: number): Promise<void> {
  await owner.query('BEGIN');
  await owner.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [tenantId]);
  await owner.query(
    `CREATE TEMP TABLE wanted ON COMMIT DROP AS SELECT i, gen_random_uuid() AS customer_id, gen_random_uuid() AS call_id,
       now() - i * interval '1 minute' AS at FROM generate_series(1, $1::integer) AS i`,
    [count],
  );
  await owner.query(
    `INSERT INTO customers (customer_id, tenant_id, account_ref, created_at, last_interaction_at)
     SELECT customer_id, $1, 'ACC-' || i, at, at FROM wanted`,
    [tenantId],
  );
  await owner.query(
    `INSERT INTO calls (call_id, tenant_id, protocol, ani_hash, claimed_customer_id, opened_at, closed_at, close_reason, result)
     SELECT call_id, $1, 'plain', md5((i % 5000)::text), customer_id, at, at + interval '3 minutes', 'ended', '{}' FROM wanted`,
    [tenantId],
  );
  await owner.query(
    `INSERT INTO flags (flag_id, tenant_id, call_id, customer_id, severity, state, reasons, policy_version, created_at, updated_at, version)
     SELECT gen_random_uuid(), $1, call_id, customer_id, (ARRAY['low', 'medium', 'high', 'critical'])[1 + i % 4], 'open',
       jsonb_build_array(jsonb_build_object('code', 'voice-mismatch', 'weightNats', 4.7, 'text', repeat('words ', 20))) ||
         CASE WHEN i % 10 = 0 THEN '[{"code": "sensitive-action", "weightNats": 2, "text": "A payout."}]'::jsonb ELSE '[]'::jsonb END,
       0, at, at, 1 FROM wanted`,
    [tenantId],
  );
  await owner.query('COMMIT');
  await owner.query('VACUUM ANALYZE flags, calls, customers');
}
