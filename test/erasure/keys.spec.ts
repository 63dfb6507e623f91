import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { CallResult } from '../../src/core/calls/result.js';
import type { CustomerId } from '../../src/core/ids.js';
import { KeyUpkeep } from '../../src/modules/installation/keys/key-upkeep.js';
import { TenantKeys } from '../../src/modules/installation/tenants/tenant-keys.service.js';
import { keyContext } from '../../src/modules/installation/tenants/tenant-secrets.js';
import { packVector } from '../../src/modules/people/voiceprints/sealed-forms.js';
import { VoiceprintsService } from '../../src/modules/people/voiceprints/voiceprints.service.js';
import { readMasterKeys } from '../../src/platform/config/master-keys.js';
import { binding, seal } from '../../src/platform/crypto/envelope.js';
import { localKeyVault } from '../../src/platform/crypto/local-key-vault.js';
import { Database } from '../../src/platform/database/database.service.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { Bank, completed, speech, when } from '../e2e/bank.js';
import { nextFact } from '../support/facts.js';

// A running service whose keys are exchanged under it: real speech, the shipped model, a key store in a database of its own.
const folder = mkdtempSync(join(tmpdir(), 'timbre-keys-'));
const keyFile = join(folder, 'master.key');
const firstKey = Buffer.alloc(32, 9);
let postgres: TestPostgres;
let app: TestApp;
let bank: Bank;
let owner: pg.Client;

beforeAll(async () => {
  postgres = await startPostgres();
  writeFileSync(keyFile, `${firstKey.toString('base64')}\n`);
  app = await start();
  bank = await Bank.open(app);
  await bank.trustsNewVoiceprints();
  owner = new pg.Client({ connectionString: postgres.adminUrl });
  await owner.connect();
}, 120_000);
afterAll(async () => {
  await owner.end();
  await app.close();
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

function start(on: { url: string; keysUrl: string; adminUrl: string } = postgres): Promise<TestApp> {
  const { current: masterKey, previous: previousMasterKeys } = readMasterKeys(keyFile);
  const keys = { masterKey, previousMasterKeys, masterKeyFile: keyFile, keyDatabaseUrl: on.keysUrl };
  return startAppOn({ ...on, stop: () => Promise.resolve() }, keys);
}

/** As its operators run it (build first). */
const timbreKeys = (...args: string[]): Promise<ToolOutcome> => timbreKeysOn(postgres.keysUrl, ...args);

interface ToolOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function timbreKeysOn(keysUrl: string, ...args: string[]): Promise<ToolOutcome> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    DATABASE_URL: postgres.url,
    TIMBRE_KEY_DATABASE_URL: keysUrl,
    TIMBRE_MASTER_KEY_FILE: keyFile,
  };
  const tool = join(import.meta.dirname, '../../dist/tools/keys/main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [tool, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const voiceOf = async (customerId: string, at: TestApp = app): Promise<Float32Array> => {
  const voiceprints = at.app.get(VoiceprintsService, { strict: false });
  const context = await voiceprints.claimContext(bank.tenantId, customerId as CustomerId);
  if (context.kind !== 'ready') throw new Error(context.kind);
  return context.voiceprint;
};

const enrolledAs = new Map<string, string>();

async function enrolledOnce(speaker: string): Promise<string> {
  const known = enrolledAs.get(speaker) ?? (await bank.enrolled(`VOICE-${speaker}`, speaker)).customerId;
  enrolledAs.set(speaker, known);
  return known;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Every row of every table, as a dump of the database has them: put into a new database beside it. */
async function restored(): Promise<string> {
  const url = new URL(postgres.adminUrl);
  await owner.query(`CREATE DATABASE restored TEMPLATE template0 OWNER timbre`);
  const source = await startAppOnEmpty(url);
  const target = new pg.Client({ connectionString: source });
  await target.connect();
  await target.query('SET session_replication_role = replica');
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'timbre_migrations'`,
  );
  for (const { name } of tables) {
    const { rows } = await owner.query<{ row: unknown }>(`SELECT to_jsonb(t) AS row FROM ${name} AS t`);
    await target.query(
      `INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb) ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows.map(({ row }) => row))],
    );
  }
  await target.end();
  return source;
}

/** The schema of the other database, made by Timbre itself. */
async function startAppOnEmpty(admin: URL): Promise<string> {
  const service = new URL(postgres.url);
  service.pathname = '/restored';
  const made = await start({ ...postgres, url: service.href });
  await made.close();
  admin.pathname = '/restored';
  return admin.href;
}

describe('a backup of the database', () => {
  it('restored after an erasure shows ciphertext only, and still serves who was not erased', async () => {
    const erased = await bank.enrolled('BACKUP-ERASED', 'june');
    const kept = await bank.enrolled('BACKUP-KEPT', 'allison');
    const before = { erased: await voiceOf(erased.customerId), kept: await voiceOf(kept.customerId) };
    const adminUrl = await restored();
    await bank
      .as('privacy')
      .post(`/v1/customers/${erased.customerId}/erasure`)
      .send({ reason: 'request-of-the-person' })
      .expect(200);

    const url = new URL(postgres.url);
    url.pathname = '/restored';
    const old = await start({ ...postgres, url: url.href, adminUrl });
    try {
      // The current master key, the old rows, the key store of now.
      await expect(voiceOf(erased.customerId, old)).rejects.toThrow(/no share of this key/);
      expect(cosine(await voiceOf(kept.customerId, old), before.kept)).toBeCloseTo(1, 6);
    } finally {
      await old.close();
    }
    const dump = new pg.Client({ connectionString: adminUrl });
    await dump.connect();
    const { rows } = await dump.query<{ ciphertext: Buffer; wrapped_key: Buffer }>(
      `SELECT v.ciphertext, k.wrapped_key FROM voiceprints v JOIN customer_keys k USING (key_id)
       WHERE v.customer_id = $1 AND v.status = 'active'`,
      [erased.customerId],
    );
    await dump.end();
    // The backup does have the row, and the half of the key that lay beside it.
    expect(rows).toHaveLength(1);
    const clear = Buffer.from(before.erased.buffer).toString('hex');
    expect(rows[0]?.ciphertext.toString('hex')).not.toContain(clear.slice(0, 24));
  }, 120_000);

  it('opens nobody’s key with the master key alone, without the key store', async () => {
    const { customerId } = await bank.enrolled('NO-STORE', 'allison');
    const empty = new URL(postgres.keysUrl);
    await owner.query('CREATE DATABASE empty_keys OWNER timbre');
    empty.pathname = '/empty_keys';
    // Told to work on another store than the database's own, neither Timbre nor its tools begin.
    await expect(start({ ...postgres, keysUrl: empty.href })).rejects.toThrow('The key store is not the one');
    expect(await timbreKeysOn(empty.href, 'rotate-tenant', '--tenant', bank.tenantId)).toMatchObject({
      code: 3,
      err: expect.stringContaining('docs/keys-and-erasure.md'),
    });
    // A thief owns the database, and takes out that it belongs with another store.
    const { rows } = await owner.query<{ store_id: string }>('DELETE FROM key_store RETURNING store_id');
    const stolen = await start({ ...postgres, keysUrl: empty.href });
    await expect(voiceOf(customerId, stolen)).rejects.toThrow(/no share of this key/);
    await stolen.close();
    await owner.query('UPDATE key_store SET store_id = $1', [rows[0]?.store_id]);
  }, 120_000);

  it('loses the half of a key soon after a withdrawal too', async () => {
    const { customerId, consentId } = await bank.enrolled('WITHDRAWN', 'allison');
    const keys = new pg.Client({ connectionString: postgres.keysUrl });
    await keys.connect();
    const shareOf = async () => {
      const { rows } = await owner.query<{ key_id: string }>(
        'SELECT key_id FROM customer_keys WHERE customer_id = $1',
        [customerId],
      );
      const { rowCount } = await keys.query('SELECT 1 FROM timbre_keys.key_shares WHERE share_id = $1', [
        rows[0]?.key_id,
      ]);
      return rowCount;
    };
    expect(await shareOf()).toBe(1);
    const told = nextFact(
      app.app,
      ({ action, subject }) => action === 'consent-withdrawn' && subject.id === customerId,
    );
    await bank.as('agent').delete(`/v1/customers/${customerId}/consents/${consentId}`).expect(200);
    await told;
    await app.app.get(KeyUpkeep, { strict: false }).idle();
    expect(await shareOf()).toBe(0);
    await keys.end();
  }, 120_000);
});

describe('templates of real voices', () => {
  it('score as they would without their secret transform, to 1e-6', async () => {
    const keys = app.app.get(TenantKeys, { strict: false });
    const ring = await keys.ring(bank.tenantId);
    const transform = ring.transform('customer of a test', 192);
    const voices = await realVoices();
    for (const a of voices)
      for (const b of voices)
        expect(
          Math.abs(
            cosine(transform.restore(transform.protect(a)), transform.restore(transform.protect(b))) -
              cosine(a, b),
          ),
        ).toBeLessThan(1e-6);
    const [first, second] = [voices[0]!, voices[1]!];
    expect(
      Math.abs(cosine(transform.protect(first), transform.protect(second)) - cosine(first, second)),
    ).toBeLessThan(1e-6);
  }, 120_000);

  it('of one person in two tenants are as far apart as those of strangers', async () => {
    const keys = app.app.get(TenantKeys, { strict: false });
    const voices = await realVoices();
    const [same, different]: [number[], number[]] = [[], []];
    for (let pair = 0; pair < 12; pair += 1) {
      const [left, right] = await Promise.all([app.makeTenant(), app.makeTenant()]);
      const [a, b] = [
        (await keys.ring(left)).transform('watchlist', 192),
        (await keys.ring(right)).transform('watchlist', 192),
      ];
      for (const [i, voice] of voices.entries())
        for (const [j, other] of voices.entries())
          (i === j ? same : different).push(cosine(a.protect(voice), b.protect(other)));
    }
    // Of unrelated directions in 192 dimensions: mean 0, standard deviation 1/√192 = 0.072. Enrolled voices score 0.65 and more.
    expect(Math.max(...same.map(Math.abs))).toBeLessThan(0.4);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(same) - mean(different))).toBeLessThan(0.06);
    const rms = (values: number[]) => Math.sqrt(mean(values.map((value) => value ** 2)));
    expect(rms(same)).toBeGreaterThan(0.045);
    expect(rms(same)).toBeLessThan(0.105);
  }, 120_000);

  it('of one person before and after a revocation are as far apart as those of strangers', async () => {
    const { customerId } = await bank.enrolled('RENEWED', 'june');
    const before = await storedForm(customerId);
    await bank.as('privacy').delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    await bank.upload(customerId, 'samples/speech/june/enrol-1.wav');
    const after = await storedForm(customerId);
    expect(cosine(before.clear, after.clear)).toBeGreaterThan(0.99);
    expect(Math.abs(cosine(before.kept, after.kept))).toBeLessThan(0.4);
  }, 120_000);

  async function realVoices(): Promise<Float32Array[]> {
    const found: Float32Array[] = [];
    for (const speaker of ['allison', 'june', 'carlo', 'menardi', 'ivrvoice'])
      found.push(await voiceOf(await enrolledOnce(speaker)));
    return found;
  }

  /** As it lies under the seal. */
  async function storedForm(customerId: string): Promise<{ clear: Float32Array; kept: Float32Array }> {
    const clear = await voiceOf(customerId);
    const { rows } = await owner.query<{ key_id: string; protected: boolean }>(
      `SELECT key_id, protected FROM voiceprints WHERE customer_id = $1 AND status = 'active'`,
      [customerId],
    );
    expect(rows[0]?.protected).toBe(true);
    const ring = await app.app.get(TenantKeys, { strict: false }).ring(bank.tenantId);
    return { clear, kept: ring.transform(`customer ${rows[0]?.key_id}`, 192).protect(clear) };
  }
});

describe('keys', () => {
  it('of a tenant and the master key are rotated during a live call, which notices nothing', async () => {
    const { customerId } = await bank.enrolled('ROTATED', 'allison');
    const voice = await voiceOf(customerId);
    const other = await start();
    const rotation = when(
      ({ verification }) => verification.netSpeechMs > 3000,
      async () => [
        await timbreKeys('rotate-master', '--new-key'),
        await timbreKeys('rotate-tenant', '--tenant', bank.tenantId),
        await timbreKeys('forget-previous'),
      ],
    );
    const results: CallResult[] = [];
    const files = speech('allison', 'call-1', 'call-2');
    const outcome = await bank.call(files, { customer: 'ROTATED', speed: 3 }, (result) => {
      results.push(result);
      rotation.onResult(result);
    });
    const [master, tenant, forgotten] = await rotation.done;
    expect([master, tenant, forgotten].map((run) => [run?.code, run?.err])).toEqual([
      [0, ''],
      [0, ''],
      [0, ''],
    ]);
    expect(tenant?.out).toMatch(/the old key is gone/);
    const { result } = completed(outcome);
    expect(result).toMatchObject({
      verification: { state: 'accepted' },
      audio: { droppedMs: 0, lostMs: 0, withheldMs: 0 },
    });
    expect(results.map(({ verification }) => verification.state)).not.toContain('no-consent');

    const { current, previous } = readMasterKeys(keyFile);
    expect(previous).toEqual([]);
    expect(current.equals(firstKey)).toBe(false);
    // Both running processes, and one that knows the new key only, open what there is.
    const fresh = await start();
    for (const process of [app, other, fresh])
      expect(cosine(await voiceOf(customerId, process), voice)).toBeCloseTo(1, 6);
    const { body } = await bank.as('admin').get('/v1/keys').expect(200);
    expect(body).toMatchObject({ tenantKeyVersion: 2, state: 'settled', outstanding: { customers: 0 } });
    expect(await timbreKeys('status')).toMatchObject({
      code: 0,
      out: expect.stringContaining('may be taken away'),
    });
    // The old master key opens nothing any more.
    const { rows } = await owner.query<{ wrapped_key: Buffer }>(
      'SELECT wrapped_key FROM tenants WHERE tenant_id = $1',
      [bank.tenantId],
    );
    await expect(
      localKeyVault(firstKey).unwrap(rows[0]!.wrapped_key, keyContext(bank.tenantId)),
    ).rejects.toThrow();
    const { rows: entries } = await owner.query<{ action: string }>(
      `SELECT action FROM audit_entries WHERE tenant_id = $1 AND subject_kind = 'key' ORDER BY seq`,
      [bank.tenantId],
    );
    expect(entries.map(({ action }) => action)).toEqual([
      'master-key-rotated',
      'tenant-key-rotation-begun',
      'tenant-key-rotated',
      'previous-master-keys-forgotten',
    ]);
    await fresh.close();
    await other.close();
  }, 120_000);

  it('are rotated by the running service when an administrator asks over HTTP', async () => {
    const { customerId } = await bank.enrolled('BY-HTTP', 'june');
    const voice = await voiceOf(customerId);
    const { body: before } = await bank.as('admin').get('/v1/keys').expect(200);
    await bank.as('privacy').post('/v1/keys/rotation').expect(403);
    const { body: begun } = await bank.as('admin').post('/v1/keys/rotation').expect(202);
    const { tenantKeyVersion } = before as { tenantKeyVersion: number };
    expect(begun).toMatchObject({ tenantKeyVersion: tenantKeyVersion + 1 });
    const upkeep = app.app.get(KeyUpkeep, { strict: false });
    let state = begun as { state: string };
    for (let tries = 0; state.state !== 'settled' && tries < 20; tries += 1) {
      await bank.as('admin').post('/v1/keys/rotation');
      await upkeep.idle();
      state = (await bank.as('admin').get('/v1/keys')).body as { state: string };
    }
    expect(state).toMatchObject({ state: 'settled' });
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('timbre_key_renewals_outstanding 0\n');
    expect(cosine(await voiceOf(customerId), voice)).toBeCloseTo(1, 6);
  }, 120_000);

  it('and templates of before there were halves and transforms are brought up to date when Timbre starts', async () => {
    const { customerId } = await bank.enrolled('OLD-FORM', 'allison');
    const voice = await voiceOf(customerId);
    await asBefore(customerId, voice);
    const later = await start();
    await later.app.get(KeyUpkeep, { strict: false }).idle();
    const { rows } = await owner.query(
      `SELECT k.shared, v.protected FROM customer_keys k JOIN voiceprints v USING (key_id) WHERE k.customer_id = $1 AND v.status = 'active'`,
      [customerId],
    );
    expect(rows).toEqual([{ shared: true, protected: true }]);
    expect(cosine(await voiceOf(customerId, later), voice)).toBeCloseTo(1, 6);
    await later.close();
  }, 120_000);

  /** Puts the customer's rows into the form that Timbre 0.1 wrote. */
  async function asBefore(customerId: string, voice: Float32Array): Promise<void> {
    const ring = await app.app.get(TenantKeys, { strict: false }).ring(bank.tenantId);
    const { rows } = await owner.query<{ key_id: string; voiceprint_id: string }>(
      `SELECT key_id, voiceprint_id FROM voiceprints WHERE customer_id = $1 AND status = 'active'`,
      [customerId],
    );
    const { key_id: keyId, voiceprint_id: voiceprintId } = rows[0]!;
    const key = Buffer.alloc(32, 3);
    const database = app.app.get(Database, { strict: false });
    const { sealed, tenantKeyVersion } = await database.forTenant(bank.tenantId, (em) =>
      ring.seal(em, key, binding('customer_keys', bank.tenantId, customerId, keyId)),
    );
    const ciphertext = seal(
      key,
      packVector(voice),
      binding('voiceprints', bank.tenantId, customerId, voiceprintId),
    );
    await owner.query(
      'UPDATE customer_keys SET shared = false, wrapped_key = $2, tenant_key_version = $3 WHERE key_id = $1',
      [keyId, sealed, tenantKeyVersion],
    );
    await owner.query('UPDATE voiceprints SET protected = false, ciphertext = $2 WHERE voiceprint_id = $1', [
      voiceprintId,
      ciphertext,
    ]);
  }

  it('stay as they are when the tool is asked wrongly', async () => {
    const before = readFileSync(keyFile, 'utf8');
    expect(await timbreKeys('rotate-tenant')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--tenant is wanted'),
    });
    expect(await timbreKeys('rotate-tenant', '--tenant', 'nobody')).toMatchObject({ code: 3 });
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
  }, 120_000);
});
