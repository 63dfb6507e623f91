import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { LedgerChain1764000006000 } from '../../migrations/1764000006000-ledger-chain.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { aConsent } from '../customers/support.js';
import { silentLogger, startPostgres } from '../support/postgres.js';
import { Office, runAuditTool } from './support.js';

// A real PostgreSQL, and timbre-audit as its users run it (dist/: build first).
let office: Office;
let other: Office;

beforeAll(async () => {
  office = await Office.open();
  other = await Office.open(office);
});
afterAll(async () => {
  await other.close();
  await office.close();
});

describe('the consent ledger', () => {
  it('is whole as long as nobody tampers with it', async () => {
    const tenantId = await office.tenantWith(3);
    expect(await office.verify(tenantId)).toEqual({
      code: 0,
      out: `${tenantId} consents: 3 rows, whole\n`,
      err: '',
    });
  });

  const copy = (from: number, to: number, columns: string[]) =>
    `UPDATE consents t SET ${columns.map((column) => `${column} = s.${column}`).join(', ')}
     FROM consents s WHERE t.tenant_id = $1 AND s.tenant_id = $1 AND t.seq = ${to} AND s.seq = ${from}`;
  it.each([
    [
      'a purpose added',
      `UPDATE consents SET purposes = purposes || '{fraud-watchlist}' WHERE tenant_id = $1 AND seq = 2`,
      ['row 2 (granted consent ID2) was changed'],
    ],
    [
      'other words',
      `UPDATE consents SET notice_text = 'Anything goes.' WHERE tenant_id = $1 AND seq = 3`,
      ['row 3 (granted consent ID3) was changed'],
    ],
    [
      'another date',
      `UPDATE consents SET given_at = given_at - interval '1 day' WHERE tenant_id = $1 AND seq = 1`,
      ['row 1 (granted consent ID1) was changed'],
    ],
    [
      'a row removed',
      `DELETE FROM consents WHERE tenant_id = $1 AND seq = 2`,
      ['row 2 is missing, before row 3 (granted consent ID3)'],
    ],
    [
      'the first row removed',
      `DELETE FROM consents WHERE tenant_id = $1 AND seq = 1`,
      ['row 1 is missing, before row 2 (granted consent ID2)'],
    ],
    [
      'the last rows removed',
      `DELETE FROM consents WHERE tenant_id = $1 AND seq > 2`,
      ['rows 3 to 4 are missing at the end, behind row 2 (granted consent ID2)'],
    ],
    [
      'two rows swapped',
      `UPDATE consents SET seq = 5 - seq WHERE tenant_id = $1 AND seq IN (2, 3)`,
      ['row 2 (granted consent ID3) was changed', 'row 3 (granted consent ID2) was changed'],
    ],
    [
      'a row copied over another',
      copy(1, 3, ['previous_hash', 'hash', 'given_at', 'recorded_at']),
      ['row 3 (granted consent ID3) was changed'],
    ],
    [
      'the head put back',
      `UPDATE ledger_heads SET count = 3 WHERE tenant_id = $1 AND ledger = 'consents'`,
      ['row 4 (granted consent ID4) lies behind the head'],
    ],
    [
      'the head removed',
      `DELETE FROM ledger_heads WHERE tenant_id = $1 AND ledger = 'consents'`,
      ['the head of the chain is missing'],
    ],
  ])('shows %s, even by a superuser, and names the row', async (_, sql, findings) => {
    const tenantId = await office.tenantWith(4);
    const rows = await office.tamper('SELECT seq, consent_id FROM consents WHERE tenant_id = $1', tenantId);
    // Unique numbers stand in the way of a plain swap; a tamperer takes them away for the moment.
    const isSwap = sql.includes('5 - seq');
    if (isSwap) await office.tamper('ALTER TABLE consents DROP CONSTRAINT consents_tenant_id_seq_key');
    await office.tamper(sql, tenantId);
    if (isSwap) await office.tamper('ALTER TABLE consents ADD UNIQUE (tenant_id, seq)');
    const { code, out } = await office.verify(tenantId);
    expect(code).toBe(1);
    expect(out).toContain('NOT WHOLE');
    for (const finding of findings) {
      const named = finding.replace(/ID(\d)/, (__, seq) =>
        String(rows.find((row) => row['seq'] === seq)?.['consent_id']),
      );
      expect(out).toContain(named);
    }
  });

  it('shows a row that was changed and given a new hash', async () => {
    const tenantId = await office.tenantWith(3);
    const [row] = await office.tamper('SELECT * FROM consents WHERE tenant_id = $1 AND seq = 2', tenantId);
    const { out: line } = await office.audit('export', '--tenant', tenantId, '--ledger', 'consents');
    const { record, previousHash } = JSON.parse(line.split('\n')[1] ?? '') as {
      record: object;
      previousHash: string;
    };
    const text = JSON.stringify({ ...record, method: 'ivr-digit' });
    const hash = createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(text).digest();
    await office.tamper(
      `UPDATE consents SET method = 'ivr-digit', hash = $2 WHERE tenant_id = $1 AND seq = 2`,
      tenantId,
      hash,
    );
    const { code, out } = await office.verify(tenantId);
    expect(code).toBe(1);
    expect(out).toContain(
      `row 2 (granted consent ${String(row?.['consent_id'])}) was replaced or given a new hash`,
    );
    expect(out).not.toContain('was changed');
  });

  it('shows a chain cut off together with its head to whoever noted the head before', async () => {
    const tenantId = await office.tenantWith(3);
    const noted = await office.head(tenantId);
    const folder = mkdtempSync(join(tmpdir(), 'timbre-heads-'));
    const file = join(folder, 'heads');
    writeFileSync(file, (await office.audit('head', '--tenant', tenantId)).out);
    expect(await office.verify(tenantId, 'consents', '--head', noted)).toMatchObject({ code: 0 });
    await office.tamper('DELETE FROM consents WHERE tenant_id = $1 AND seq = 3', tenantId);
    await office.tamper(
      `UPDATE ledger_heads h SET count = 2, hash = c.hash FROM consents c
       WHERE h.tenant_id = $1 AND h.ledger = 'consents' AND c.tenant_id = $1 AND c.seq = 2`,
      tenantId,
    );
    expect(await office.verify(tenantId)).toMatchObject({ code: 0 });
    for (const how of [
      ['--head', noted],
      ['--heads', file],
    ]) {
      const { code, out } = await office.verify(tenantId, 'consents', ...how);
      expect([code, out]).toEqual([1, expect.stringContaining('row 3 is missing at the end')]);
    }
    rmSync(folder, { recursive: true });
  });

  it('stays one chain when two processes and many people add to it at once', async () => {
    const tenantId = await office.server.makeTenant();
    const people = await Promise.all(Array.from({ length: 12 }, () => office.customer(tenantId)));
    await Promise.all(
      people.map(async (customerId, index) => {
        const { withdrawals, giving } = index % 2 === 0 ? office : other;
        const { consentId } = await giving.give(office.by(tenantId), customerId, aConsent);
        await withdrawals.withdraw(office.by(tenantId), customerId, consentId);
      }),
    );
    const rows = await office.tamper('SELECT seq FROM consents WHERE tenant_id = $1 ORDER BY seq', tenantId);
    expect(rows.map(({ seq }) => Number(seq))).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(await office.verify(tenantId)).toMatchObject({ code: 0 });
    expect(await office.verify(tenantId, 'audit')).toMatchObject({ code: 0 });
  });

  it('records nothing, and leaves no gap, when a consent fails half-way', async () => {
    const tenantId = await office.tenantWith(1);
    const giving = office.giving.give(office.by(tenantId), await office.customer(tenantId), {
      ...aConsent,
      noticeText: 'Other words.',
    });
    await expect(giving).rejects.toMatchObject({ slug: 'notice-differs' });
    expect(await office.verify(tenantId)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 rows, whole'),
    });
  });

  it.each([
    `UPDATE consents SET method = 'guessed'`,
    'DELETE FROM consents',
    'TRUNCATE consents',
    `UPDATE audit_entries SET action = 'nothing'`,
    'DELETE FROM audit_entries',
    'TRUNCATE audit_entries',
    `UPDATE consent_notices SET notice_text = 'Anything goes.'`,
    'DELETE FROM consent_notices',
    'UPDATE ledger_heads SET count = 0',
    'DELETE FROM ledger_heads',
    'TRUNCATE ledger_heads',
  ])('refuses the service itself %s', async (sql) => {
    const tenantId = await office.tenantWith(1);
    const asked = office.server.database.forTenant(tenantId, (em) => em.query(sql));
    await expect(asked).rejects.toThrow(/append-only|only moves on|foreign key/);
  });

  it('keeps the place of a proof apart: erased it leaves the chain whole, changed it shows', async () => {
    const tenantId = await office.server.makeTenant();
    const customerId = await office.customer(tenantId);
    const signed = { ...aConsent, method: 'signed-import' as const, proofReference: 'archive/Jo Bloggs.pdf' };
    const { consentId } = await office.giving.give(office.by(tenantId), customerId, signed);
    expect((await office.audit('export', '--tenant', tenantId, '--ledger', 'consents')).out).not.toContain(
      'Bloggs',
    );
    await office.tamper(
      `UPDATE consent_proofs SET reference = 'archive/other.pdf' WHERE consent_id = $1`,
      consentId,
    );
    const { code, out } = await office.verify(tenantId);
    expect([code, out]).toEqual([1, expect.stringContaining('the proof kept with it is not the one')]);
    await office.server.database.forTenant(tenantId, (em) =>
      em.query('DELETE FROM consent_proofs WHERE consent_id = $1', [consentId]),
    );
    expect(await office.verify(tenantId)).toMatchObject({ code: 0 });
  });

  it('outlives the erased person’s row', async () => {
    const tenantId = await office.tenantWith(2);
    await office.server.database.forTenant(tenantId, (em) => em.query('DELETE FROM customers'));
    expect(await office.verify(tenantId)).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 rows, whole'),
    });
  });

  it('can be verified with the program printed in docs/privacy-ledger.md, which is not ours', async () => {
    if (spawnSync('python3', ['--version']).status !== 0) {
      console.warn('python3 is not here: the verifier in docs/privacy-ledger.md was not run');
      return;
    }
    const docs = readFileSync(join(import.meta.dirname, '../../docs/privacy-ledger.md'), 'utf8');
    const program = /```python\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    const tenantId = await office.server.makeTenant();
    const text = 'Vous pouvez dire « non » – à tout moment.\n\t"\\" 声紋 🎙';
    const notice = { ...aConsent, noticeVersion: 'v"1"\\é🎙', noticeLanguage: 'fr', noticeText: text };
    const customerId = await office.customer(tenantId);
    for (let made = 0; made < 3; made += 1) await office.giving.give(office.by(tenantId), customerId, notice);
    for (const ledger of ['consents', 'audit'] as const) {
      const { out } = await office.audit('export', '--tenant', tenantId, '--ledger', ledger);
      const head = execFileSync('python3', ['-c', program], { input: out, encoding: 'utf8' });
      expect(head.trim()).toBe(await office.head(tenantId, ledger));
      const changed = spawnSync('python3', ['-c', program], {
        input: out.replace('🎙', '!'),
        encoding: 'utf8',
      });
      expect(changed.stderr).toContain('row 1 was changed');
    }
  });
});

describe('timbre-audit', () => {
  it.each([
    [['look'], 2],
    [['verify', '--nonsense'], 2],
    [['verify', '--head', 'abc'], 2],
    [['verify', '--from', '2026-01-01T00:00:00Z'], 2],
    [['export'], 2],
    [['verify', '--tenant', 'nobody'], 3],
  ])('answers %p with exit status %d and a reason', async (args, code) => {
    const answer = await runAuditTool(office.server.postgres.url, ...args);
    expect(answer.code).toBe(code);
    expect(answer.err).not.toBe('');
  });

  it('cannot say that all is well when the database is away', async () => {
    expect(await runAuditTool('postgres://nobody@127.0.0.1:1/none', 'verify')).toMatchObject({ code: 3 });
  });
});

describe('consents recorded before there was a chain', () => {
  it('are chained as they lie, each tenant’s by itself, and their notices kept as versions', async () => {
    const postgres = await startPostgres('empty');
    const before = migrations.slice(0, migrations.indexOf(LedgerChain1764000006000));
    const start = async (upTo: typeof migrations) => {
      const source = createDataSource(
        { url: postgres.url, pool: 2, entities: [], migrations: upTo },
        silentLogger,
      );
      await source.initialize();
      await migrate(postgres.url, source);
      await source.destroy();
    };
    await start(before);
    const owner = new pg.Client({ connectionString: postgres.adminUrl });
    await owner.connect();
    await owner.query(`
      INSERT INTO tenants SELECT gen_random_uuid(), 'bank ' || n, '\\x00', '\\x00', now() FROM generate_series(1, 2) n;
      INSERT INTO customers SELECT gen_random_uuid(), tenant_id, 'one', NULL, now(), now() FROM tenants;
      INSERT INTO consents (consent_id, tenant_id, customer_id, kind, purposes, notice_version, notice_language,
        notice_text, method, given_at, recorded_at)
      SELECT gen_random_uuid(), tenant_id, customer_id, 'granted', '{verification}', '2026-01', 'en',
        'Words of ' || n / 1000, 'web-form', now(), now()
      FROM generate_series(1, 1200) n, customers;
    `);
    await start(migrations);
    const { rows } = await owner.query(
      'SELECT count(*)::int AS notices, min(notice_text) AS words FROM consent_notices GROUP BY tenant_id',
    );
    expect(rows).toEqual(Array(2).fill({ notices: 1, words: 'Words of 0' }));
    const { code, out } = await runAuditTool(postgres.url, 'verify', '--ledger', 'consents');
    expect([code, out.match(/: 1200 rows, whole/g)]).toEqual([
      0,
      [': 1200 rows, whole', ': 1200 rows, whole'],
    ]);
    await owner.end();
    await postgres.stop();
  });
});
