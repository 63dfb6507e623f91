import type { MigrationInterface, QueryRunner } from 'typeorm';

const isolated = ['legal_holds', 'retention_runs'];

/** Legal holds, the history of sweeps, and what the sweeper needs to find rows by their age. */
export class Retention1764000007010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE legal_holds (
        hold_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        -- No foreign keys: that there was a hold outlives whom it was for.
        customer_id uuid,
        entry_id uuid,
        reason text NOT NULL CHECK (length(reason) > 0),
        placed_by uuid NOT NULL,
        placed_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        released_at timestamptz,
        released_by uuid,
        CHECK (num_nonnulls(customer_id, entry_id) = 1),
        CHECK ((released_at IS NULL) = (released_by IS NULL))
      );
      CREATE INDEX legal_holds_of_customer ON legal_holds (customer_id) WHERE released_at IS NULL;
      CREATE INDEX legal_holds_of_entry ON legal_holds (entry_id) WHERE released_at IS NULL;
      CREATE TABLE retention_runs (
        run_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        started_at timestamptz NOT NULL,
        finished_at timestamptz,
        deleted jsonb NOT NULL,
        held integer NOT NULL,
        late integer NOT NULL,
        clock_set_back_ms bigint NOT NULL
      );
      CREATE INDEX retention_runs_newest ON retention_runs (tenant_id, started_at DESC);
      -- Past its date and on hold: kept, and used for nothing any more (GDPR Art. 18(2)).
      ALTER TABLE voiceprints ADD restricted_at timestamptz;
      ALTER TABLE calls DROP CONSTRAINT calls_continues_call_id_fkey,
        ADD FOREIGN KEY (continues_call_id) REFERENCES calls ON DELETE SET NULL;
      CREATE INDEX calls_continued ON calls (continues_call_id) WHERE continues_call_id IS NOT NULL;
      CREATE INDEX calls_due ON calls ((coalesce(closed_at, opened_at)), call_id);
      CREATE INDEX flags_due ON flags (updated_at);
      CREATE INDEX customers_due ON customers (last_interaction_at);
      CREATE INDEX voiceprints_ended ON voiceprints (ended_at) WHERE status <> 'active';
      CREATE INDEX voiceprints_by_key ON voiceprints (key_id);
      CREATE INDEX customer_keys_ended ON customer_keys (destroyed_at) WHERE destroyed_at IS NOT NULL;
      CREATE INDEX watchlist_entries_ended ON watchlist_entries (ended_at) WHERE ended_at IS NOT NULL;
    `);
    for (const table of isolated) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX watchlist_entries_ended, customer_keys_ended, voiceprints_by_key, voiceprints_ended, customers_due,
        flags_due, calls_due, calls_continued;
      ALTER TABLE voiceprints DROP restricted_at;
      DROP TABLE retention_runs; DROP TABLE legal_holds;
    `);
  }
}
