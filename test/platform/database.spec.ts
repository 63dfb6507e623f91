import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { CallProtocols1764000016000 } from '../../migrations/1764000016000-call-protocols.js';
import { migrations } from '../../migrations/index.js';
import { callProtocolNames } from '../../src/core/calls/protocols.js';
import { TenantKeys } from '../../src/modules/installation/tenants/tenant-keys.service.js';
import { tenantsEntities } from '../../src/modules/installation/tenants/tenants.entities.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { systemClock } from '../../src/platform/clock.js';
import { localKeyVault } from '../../src/platform/crypto/local-key-vault.js';
import { acceptKeyStore, startKeyStore } from '../../src/platform/crypto/key-store-identity.js';
import { PostgresKeyShares } from '../../src/platform/crypto/postgres-key-shares.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrate.js';
import {
  silentLogger,
  startDatabase,
  startPostgres,
  type TestDatabase,
  type TestPostgres,
} from '../support/postgres.js';

const noTenant = '00000000-0000-4000-8000-000000000000' as Awaited<ReturnType<TenantsService['create']>>;

describe('tenants in one database', () => {
  let test: TestDatabase;
  let tenants: TenantsService;
  const vault = localKeyVault(randomBytes(32));

  beforeAll(async () => {
    test = await startDatabase(tenantsEntities);
    tenants = new TenantsService(test.database, vault, systemClock);
  });
  afterAll(() => test.stop());

  it("see their own rows and none of another's", async () => {
    const first = await tenants.create('first');
    const second = await tenants.create('second');
    const visible = await test.database.forTenant(first, (em) =>
      em.query<unknown[]>('SELECT tenant_id FROM tenants'),
    );
    expect(visible).toEqual([{ tenant_id: first }]);
    expect(await test.database.listTenants()).toEqual(expect.arrayContaining([first, second]));
  });

  it('cannot write into another', async () => {
    const [first, second] = [await tenants.create('writer'), await tenants.create('written to')];
    const policy = `INSERT INTO policies (tenant_id, version, document, created_at) VALUES ($1, 1, '{}', now())`;
    await expect(test.database.forTenant(first, (em) => em.query(policy, [second]))).rejects.toThrow(
      /row-level security/,
    );
    await expect(
      test.database.forTenant(first, (em) => em.query(`DELETE FROM tenants WHERE tenant_id = $1`, [second])),
    ).resolves.toEqual([[], 0]);
  });

  it('shows nothing and takes nothing when no tenant is set', async () => {
    await tenants.create('unseen');
    expect(await test.source.query('SELECT * FROM tenants')).toEqual([]);
    expect(await test.database.forTenant(noTenant, (em) => em.query('SELECT * FROM tenants'))).toEqual([]);
  });

  it('forgets the tenant with the transaction, also when the work fails', async () => {
    const tenantId = await tenants.create('forgotten');
    await expect(
      test.database.forTenant(tenantId, () => Promise.reject(new Error('work failed'))),
    ).rejects.toThrow('work failed');
    const seen = await Promise.all(
      Array.from({ length: 10 }, () => test.source.query('SELECT * FROM tenants')),
    );
    expect(seen.flat()).toEqual([]);
  });

  it('have secrets of their own that only their own row unwraps', async () => {
    const [first, second] = [await tenants.create('keys a'), await tenants.create('keys b')];
    const feed = { subscribe: () => () => undefined } as never;
    const shares = new PostgresKeyShares(test.keysUrl, silentLogger);
    const fresh = () => new TenantKeys(test.database, vault, shares, feed);
    const keys = fresh();
    expect((await keys.pepper(first)).length).toBe(32);
    expect(await keys.pepper(first)).not.toEqual(await keys.pepper(second));
    (await keys.pepper(first)).fill(0);
    expect((await keys.pepper(first)).every((byte) => byte === 0)).toBe(false);
    const inFirst = <T>(work: Parameters<typeof test.database.forTenant<T>>[1]) =>
      test.database.forTenant(first, work);
    const [own, others] = [await keys.ring(first), await keys.ring(second)];
    const { sealed } = await inFirst((em) => own.seal(em, Buffer.from('secret'), 'here'));
    expect(String(await inFirst((em) => own.open(em, sealed, 1, 'here')))).toBe('secret');
    await expect(inFirst((em) => own.open(em, sealed, 1, 'elsewhere'))).rejects.toThrow();
    await expect(inFirst((em) => others.open(em, sealed, 1, 'here'))).rejects.toThrow();

    const admin = new pg.Client({ connectionString: test.adminUrl });
    await admin.connect();
    await admin.query(
      'UPDATE tenants SET wrapped_key = (SELECT wrapped_key FROM tenants WHERE tenant_id = $2) WHERE tenant_id = $1',
      [first, second],
    );
    await admin.end();
    await expect(fresh().ring(first)).rejects.toThrow();
    await shares.close();
  });

  it('have names of their own', async () => {
    const tenantId = await tenants.create('named');
    await expect(tenants.create('named')).rejects.toThrow(/unique/);
    expect(await tenants.findByName('named')).toBe(tenantId);
    expect(await tenants.findByName('nobody')).toBeUndefined();
  });
});

describe('bringing the schema up to date', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres('empty');
  });
  afterAll(() => postgres.stop());

  const upToDate = async (url: string): Promise<void> => {
    const source = createDataSource({ url, pool: 2, entities: [], migrations }, silentLogger);
    await source.initialize();
    try {
      await migrate(url, source);
    } finally {
      await source.destroy();
    }
  };

  it('works when several processes start at once', async () => {
    await Promise.all([upToDate(postgres.url), upToDate(postgres.url), upToDate(postgres.url)]);
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    const { rows } = await client.query('SELECT name FROM timbre_migrations');
    await client.end();
    expect(rows).toHaveLength(migrations.length);
  });

  it('takes a call of every protocol there is by its one name, and of no other', async () => {
    const { url } = postgres;
    await upToDate(url);
    const source = createDataSource({ url, pool: 2, entities: [], migrations }, silentLogger);
    await source.initialize();
    const tenantId = randomUUID();
    const call = (protocol: string, em: { query: (sql: string, values: unknown[]) => Promise<unknown> }) =>
      em.query(
        `INSERT INTO calls (call_id, tenant_id, protocol, opened_at, closed_at, result)
         VALUES ($1, $2, $3, now(), now(), '{}') RETURNING protocol`,
        [randomUUID(), tenantId, protocol],
      );
    const asTenant = async (work: (em: EntityManager) => Promise<void>): Promise<void> => {
      await source.transaction(async (em) => {
        await em.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [tenantId]);
        await work(em);
      });
    };
    try {
      await asTenant(async (em) => {
        await em.query(
          `INSERT INTO tenants (tenant_id, name, wrapped_key, wrapped_pepper, created_at) VALUES ($1, 'Check', '', '', now())`,
          [tenantId],
        );
        for (const protocol of callProtocolNames) await call(protocol, em);
      });
      await expect(
        asTenant(async (em) => {
          await call('timbre', em);
        }),
      ).rejects.toThrow('calls_protocol_known');
      // As it was before: what the first protocol was called then is renamed.
      const runner = source.createQueryRunner();
      const renaming = new CallProtocols1764000016000();
      await renaming.down(runner);
      await asTenant(async (em) => {
        await call('timbre', em);
      });
      await renaming.up(runner);
      await runner.release();
      await asTenant(async (em) => {
        const rows = await em.query<{ protocol: string; count: number }[]>(
          `SELECT protocol, count(*)::int FROM calls WHERE protocol IN ('plain', 'timbre') GROUP BY protocol`,
        );
        expect(rows).toEqual([{ protocol: 'plain', count: 2 }]);
      });
    } finally {
      await source.destroy();
    }
  });

  it('refuses a superuser', async () => {
    await expect(upToDate(postgres.adminUrl)).rejects.toThrow(/DATABASE_URL: role "postgres" is a superuser/);
  });

  it('refuses a role that row-level security does not bind', async () => {
    const admin = new pg.Client({ connectionString: postgres.adminUrl });
    await admin.connect();
    await admin.query(`CREATE ROLE unbound LOGIN BYPASSRLS PASSWORD 'unbound-password'`);
    const url = new URL(postgres.url);
    url.username = 'unbound';
    url.password = 'unbound-password';
    await expect(upToDate(url.href)).rejects.toThrow(/BYPASSRLS/);
    await admin.query('DROP ROLE unbound');
    await admin.end();
  });
});

describe('the key store of a database', () => {
  let test: TestDatabase;
  let owner: pg.Client;
  const opened: PostgresKeyShares[] = [];
  const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
  const storeOn = (url: string): PostgresKeyShares => {
    const store = new PostgresKeyShares(url, silentLogger);
    opened.push(store);
    return store;
  };
  const begin = (url: string): Promise<void> => startKeyStore(test.source, storeOn(url));
  const emptyStore = async (name: string): Promise<string> => {
    await owner.query(`CREATE DATABASE ${name} OWNER timbre`);
    const url = new URL(test.keysUrl);
    url.pathname = `/${name}`;
    return url.href;
  };
  const named = async (): Promise<string> =>
    (await owner.query<{ store_id: string }>('SELECT store_id FROM key_store')).rows[0]?.store_id ?? '';

  beforeAll(async () => {
    test = await startDatabase(tenantsEntities);
    owner = new pg.Client({ connectionString: test.adminUrl });
    await owner.connect();
  });
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await owner.end();
    await test.stop();
  });

  it('is named when it is first there, by processes that start at once too, and is the same ever after', async () => {
    await Promise.all([begin(test.keysUrl), begin(test.keysUrl), begin(test.keysUrl)]);
    const storeId = await named();
    expect(storeId).toMatch(id);
    await begin(test.keysUrl);
    expect(await named()).toBe(storeId);
  });

  it('is no other: which of the two is which is said, and the other stays as it was', async () => {
    const url = await emptyStore('wrong_keys');
    const storeId = await named();
    await expect(begin(url)).rejects.toThrow(
      `names ${storeId}, TIMBRE_KEY_DATABASE_URL leads to one without an id. Nothing was started.`,
    );
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(`SELECT to_regnamespace('timbre_keys') AS schema`);
    await client.end();
    expect(rows).toEqual([{ schema: null }]);
    // Of another installation.
    const foreign = await storeOn(await emptyStore('foreign_keys')).start();
    await expect(begin(url.replace('wrong_keys', 'foreign_keys'))).rejects.toThrow(`leads to ${foreign}.`);
  });

  it('moves with its schema into another database', async () => {
    const url = await emptyStore('moved_keys');
    const { rows } = await owner.query<{ store_id: string }>('SELECT store_id FROM key_store');
    const moved = storeOn(url);
    await moved.start();
    // What a dump of the schema brings along.
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('UPDATE timbre_keys.store SET store_id = $1', [rows[0]?.store_id]);
    await client.end();
    await begin(url);
  });

  it('that is lost for good is given up by its name alone', async () => {
    const url = await emptyStore('new_keys');
    const storeId = await named();
    const accept = (insteadOf: string) => acceptKeyStore(test.source, storeOn(url), insteadOf);
    await expect(accept(crypto.randomUUID())).rejects.toThrow(`names the key store ${storeId}`);
    const accepted = await accept(storeId);
    expect(await named()).toBe(accepted);
    await begin(url);
    await expect(begin(test.keysUrl)).rejects.toThrow('The key store is not the one');
  });
});
