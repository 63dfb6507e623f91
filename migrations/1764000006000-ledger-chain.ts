import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const batch = 1000;
const isolated = ['ledger_heads', 'audit_entries', 'consent_notices', 'consent_proofs'];
const neverChanged = ['audit_entries', 'consent_notices'];

interface Unchained {
  readonly entryId: string;
  readonly consentId: string;
  readonly tenantId: string;
  readonly customerId: string;
  readonly kind: string;
  readonly purposes: readonly string[];
  readonly noticeVersion: string;
  readonly noticeLanguage: string;
  readonly noticeText: string;
  readonly method: string;
  readonly givenAt: Date;
  readonly validUntil: Date | null;
  readonly recordedAt: Date;
  readonly recordedBy: string | null;
  readonly proofSha256: Buffer | null;
}

/**
 * Chains the consent ledger, adds the audit log, notices in versions and the proofs of imported consents. Rows that are there
 * already are chained as they lie, in the order of recording: the chain vouches for them from this migration on.
 */
export class LedgerChain1764000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_heads (
        tenant_id uuid NOT NULL REFERENCES tenants,
        ledger text NOT NULL CHECK (ledger IN ('consents', 'audit')),
        count bigint NOT NULL CHECK (count >= 0),
        hash bytea NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (tenant_id, ledger)
      );
      CREATE TABLE audit_entries (
        tenant_id uuid NOT NULL REFERENCES tenants,
        seq bigint NOT NULL CHECK (seq > 0),
        at timestamptz NOT NULL,
        action text NOT NULL,
        by_token uuid,
        subject_kind text NOT NULL,
        subject_id text NOT NULL,
        call_id uuid,
        details jsonb NOT NULL,
        previous_hash bytea NOT NULL,
        hash bytea NOT NULL,
        PRIMARY KEY (tenant_id, seq)
      );
      CREATE INDEX audit_entries_at ON audit_entries (tenant_id, at);
      CREATE TABLE consent_notices (
        tenant_id uuid NOT NULL REFERENCES tenants,
        version text NOT NULL CHECK (length(version) BETWEEN 1 AND 100),
        language text NOT NULL,
        notice_text text NOT NULL CHECK (length(notice_text) > 0),
        purposes text[],
        asks_again boolean NOT NULL,
        effective_from timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        PRIMARY KEY (tenant_id, version, language)
      );
      CREATE TABLE consent_proofs (
        consent_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        reference text NOT NULL CHECK (length(reference) > 0),
        salt bytea NOT NULL
      );
      ALTER TABLE consents ADD seq bigint, ADD previous_hash bytea, ADD hash bytea, ADD proof_sha256 bytea;
      ALTER TABLE consents DISABLE TRIGGER consents_append_only;
    `);
    for (const table of isolated) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
    await this.asTenant(runner, '*');
    const tenants = (await runner.query('SELECT tenant_id FROM tenants')) as { tenant_id: string }[];
    for (const { tenant_id: tenantId } of tenants) {
      await this.asTenant(runner, tenantId);
      await this.chain(runner, tenantId);
      // Words that differ under one version stay with their consents; the version keeps the first that were given.
      await runner.query(`
        INSERT INTO consent_notices
        SELECT DISTINCT ON (notice_version, notice_language) tenant_id, notice_version, notice_language, notice_text,
          NULL, false, recorded_at, recorded_at, recorded_by
        FROM consents ORDER BY notice_version, notice_language, seq
      `);
    }
    await this.asTenant(runner, '');
    await runner.query(`
      ALTER TABLE consents ENABLE TRIGGER consents_append_only;
      ALTER TABLE consents ALTER seq SET NOT NULL, ALTER previous_hash SET NOT NULL, ALTER hash SET NOT NULL,
        ADD UNIQUE (tenant_id, seq),
        ADD FOREIGN KEY (tenant_id, notice_version, notice_language) REFERENCES consent_notices,
        -- The ledger outlives the person's row: it holds the id alone.
        DROP CONSTRAINT consents_customer_id_fkey;
      CREATE FUNCTION timbre_head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND NEW.tenant_id = OLD.tenant_id AND NEW.ledger = OLD.ledger AND NEW.count > OLD.count
          THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'the head of a ledger only moves on' USING ERRCODE = 'insufficient_privilege';
        END
      $$;
      CREATE TRIGGER ledger_heads_kept BEFORE UPDATE OR DELETE ON ledger_heads
        FOR EACH ROW EXECUTE FUNCTION timbre_head_moves_on();
    `);
    for (const table of neverChanged) {
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE ON ${table}
        FOR EACH ROW EXECUTE FUNCTION timbre_append_only()`);
    }
    for (const table of [...neverChanged, 'consents', 'ledger_heads']) {
      await runner.query(`CREATE TRIGGER ${table}_not_emptied BEFORE TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION timbre_append_only()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER consents_not_emptied ON consents;
      ALTER TABLE consents DROP seq, DROP previous_hash, DROP hash, DROP proof_sha256,
        DROP CONSTRAINT consents_tenant_id_notice_version_notice_language_fkey,
        ADD FOREIGN KEY (customer_id) REFERENCES customers;
      DROP TABLE consent_proofs, consent_notices, audit_entries, ledger_heads;
      DROP FUNCTION timbre_head_moves_on();
    `);
  }

  private async asTenant(runner: QueryRunner, scope: string): Promise<void> {
    await runner.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [scope]);
  }

  private async chain(runner: QueryRunner, tenantId: string): Promise<void> {
    let head: { readonly count: number; readonly hash: Buffer } = { count: 0, hash: Buffer.alloc(32) };
    let after = '0';
    for (;;) {
      const rows = (await runner.query(
        `SELECT entry_id AS "entryId", consent_id AS "consentId", tenant_id AS "tenantId", customer_id AS "customerId",
           kind, purposes, notice_version AS "noticeVersion", notice_language AS "noticeLanguage",
           notice_text AS "noticeText", method, given_at AS "givenAt", valid_until AS "validUntil",
           recorded_at AS "recordedAt", recorded_by AS "recordedBy", proof_sha256 AS "proofSha256"
         FROM consents WHERE entry_id > $1 ORDER BY entry_id LIMIT ${batch}`,
        [after],
      )) as Unchained[];
      if (rows.length === 0) break;
      const links = rows.map((row) => {
        const previousHash = head.hash;
        head = { count: head.count + 1, hash: linkHash(previousHash, row, head.count + 1) };
        return { row, previousHash, seq: head.count, hash: head.hash };
      });
      await runner.query(
        `UPDATE consents c SET seq = n.seq, previous_hash = n.previous_hash, hash = n.hash
         FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[]) AS n (entry_id, seq, previous_hash, hash)
         WHERE c.entry_id = n.entry_id`,
        [
          links.map(({ row }) => row.entryId),
          links.map(({ seq }) => seq),
          links.map(({ previousHash }) => previousHash),
          links.map(({ hash }) => hash),
        ],
      );
      after = rows.at(-1)?.entryId ?? after;
    }
    if (head.count > 0)
      await runner.query('INSERT INTO ledger_heads VALUES ($1, $2, $3, $4)', [
        tenantId,
        'consents',
        head.count,
        head.hash,
      ]);
  }
}

/** Format 1 of a chained consent (docs/privacy-ledger.md), as it was when this migration was written: a migration imports no living code. */
function linkHash(previousHash: Buffer, row: Unchained, seq: number): Buffer {
  const { tenantId, kind, consentId, customerId, purposes, noticeVersion, noticeLanguage, method } = row;
  const record = {
    v: 1,
    ledger: 'consents',
    tenantId,
    seq,
    kind,
    consentId,
    customerId,
    purposes,
    noticeVersion,
    noticeLanguage,
    noticeTextSha256: createHash('sha256').update(row.noticeText, 'utf8').digest('hex'),
    method,
    proofSha256: row.proofSha256?.toString('hex') ?? null,
    givenAt: row.givenAt.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
    recordedAt: row.recordedAt.toISOString(),
    recordedBy: row.recordedBy,
  };
  // RFC 8785 of a flat object: its members in order of their names.
  const canonical = JSON.stringify(record, Object.keys(record).sort());
  return createHash('sha256').update(previousHash).update(canonical, 'utf8').digest();
}
