import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Voices of people who did not consent: each list with its documented ground and review date, each entry with its end. */
export class Watchlists1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE watchlists (
        list_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
        purpose text NOT NULL CHECK (length(purpose) > 0),
        ground text NOT NULL CHECK (length(ground) > 0),
        legal_reference text NOT NULL CHECK (length(legal_reference) > 0),
        residences text[] NOT NULL,
        unknown_residence boolean NOT NULL,
        reach text NOT NULL CHECK (reach IN ('verified-calls', 'every-claimed-call')),
        approved_by text NOT NULL CHECK (length(approved_by) > 0),
        approved_at timestamptz NOT NULL,
        review_by timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        recorded_by uuid NOT NULL,
        closed_at timestamptz
      );
      CREATE UNIQUE INDEX watchlists_one_open ON watchlists (tenant_id, name) WHERE closed_at IS NULL;
      CREATE TABLE watchlist_entries (
        entry_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        list_id uuid NOT NULL REFERENCES watchlists,
        reference text NOT NULL CHECK (length(reference) > 0),
        basis_note text NOT NULL CHECK (length(basis_note) > 0),
        reviewed_by text NOT NULL CHECK (length(reviewed_by) > 0),
        release_reference text,
        residence text,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        wrapped_key bytea,
        ciphertext bytea,
        net_speech_ms integer NOT NULL,
        source text NOT NULL CHECK (source IN ('upload', 'call')),
        call_id uuid,
        added_at timestamptz NOT NULL,
        added_by uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        ended_reason text,
        ended_by uuid,
        CHECK ((ended_at IS NULL) = (ciphertext IS NOT NULL)),
        CHECK ((ended_at IS NULL) = (wrapped_key IS NOT NULL)),
        CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
      );
      CREATE INDEX watchlist_entries_by_list ON watchlist_entries (list_id, entry_id);
      CREATE INDEX watchlist_entries_due ON watchlist_entries (expires_at) WHERE ended_at IS NULL;
    `);
    for (const table of ['watchlists', 'watchlist_entries']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE watchlist_entries; DROP TABLE watchlists');
  }
}
