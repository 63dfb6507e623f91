import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { migrations } from '../../../migrations/index.js';
import { createDataSource } from '../../../src/platform/database/data-source.js';
import { migrate } from '../../../src/platform/database/migrate.js';
import { createLogger } from '../../../src/platform/logging/logger.js';

const clusterSchema = z.strictObject({ serviceUrl: z.url(), adminUrl: z.url() });
const template = 'timbre_template';
/** Any number: whoever holds it makes the template, other workers wait and find it. */
const templateLock = 7_264_853_299;

/** Two databases of one spec in the PostgreSQL that global-setup.js started. */
export interface SpecDatabases {
  readonly url: string;
  readonly keysUrl: string;
  readonly adminUrl: string;
  drop(): Promise<void>;
}

/** Empty, or with Timbre's tables as a copy of a database that was migrated once a run. */
export async function createSpecDatabases(content: 'empty' | 'migrated'): Promise<SpecDatabases> {
  const { serviceUrl, adminUrl } = sharedCluster();
  const name = `spec_${randomBytes(6).toString('hex')}`;
  const keys = `${name}_keys`;
  await asAdmin(adminUrl, async (admin) => {
    if (content === 'migrated') await ensureTemplate(admin, serviceUrl);
    const source = content === 'migrated' ? `TEMPLATE ${template}` : '';
    await admin.query(`CREATE DATABASE ${name} OWNER timbre ${source}`);
    await admin.query(`CREATE DATABASE ${keys} OWNER timbre`);
  });
  return {
    url: inDatabase(serviceUrl, name),
    keysUrl: inDatabase(serviceUrl, keys),
    adminUrl: inDatabase(adminUrl, name),
    drop: () =>
      asAdmin(adminUrl, async (admin) => {
        await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await admin.query(`DROP DATABASE IF EXISTS ${keys} WITH (FORCE)`);
      }),
  };
}

/** Migrated by the code under test; only when it is complete is it marked as a template. */
async function ensureTemplate(admin: pg.Client, serviceUrl: string): Promise<void> {
  await admin.query('SELECT pg_advisory_lock($1)', [templateLock]);
  try {
    const { rows } = await admin.query<{ datistemplate: boolean }>(
      'SELECT datistemplate FROM pg_database WHERE datname = $1',
      [template],
    );
    if (rows[0]?.datistemplate === true) return;
    await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${template} OWNER timbre`);
    const url = inDatabase(serviceUrl, template);
    const source = createDataSource({ url, pool: 1, entities: [], migrations }, createLogger('silent'));
    await source.initialize();
    await migrate(url, source).finally(() => source.destroy());
    await admin.query(`ALTER DATABASE ${template} IS_TEMPLATE true`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [templateLock]);
  }
}

function sharedCluster(): z.infer<typeof clusterSchema> {
  const told = process.env['TEST_CLUSTER'];
  if (told === undefined) {
    throw new Error('Specs with a database run in the project "integration" of jest.config.js');
  }
  return clusterSchema.parse(JSON.parse(told));
}

async function asAdmin(adminUrl: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function inDatabase(url: string, name: string): string {
  const moved = new URL(url);
  moved.pathname = `/${name}`;
  return moved.href;
}
