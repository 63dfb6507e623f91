import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Halves of keys apart from the database, secret transforms of templates, and versions of tenants' keys. Rows of before are
 * brought up to date by the service itself (src/modules/installation/keys), since a migration has no keys.
 */
export class KeyHalves1764000008100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE tenants
        ADD key_version integer NOT NULL DEFAULT 1,
        ADD previous_wrapped_key bytea,
        ADD wrapped_transform bytea,
        ADD master_key_id text;
      ALTER TABLE customer_keys
        ADD tenant_key_version integer NOT NULL DEFAULT 1,
        ADD shared boolean NOT NULL DEFAULT false,
        ADD share_destroyed_at timestamptz;
      ALTER TABLE watchlist_entries
        ADD tenant_key_version integer NOT NULL DEFAULT 1,
        ADD shared boolean NOT NULL DEFAULT false,
        ADD share_destroyed_at timestamptz,
        ADD protected boolean NOT NULL DEFAULT false;
      ALTER TABLE voiceprints ADD protected boolean NOT NULL DEFAULT false;
      ALTER TABLE enrolment_stretches ADD protected boolean NOT NULL DEFAULT false;
      ALTER TABLE telephony_credentials ADD tenant_key_version integer NOT NULL DEFAULT 1;
      ALTER TABLE call_handovers ADD tenant_key_version integer NOT NULL DEFAULT 1;
      CREATE INDEX customer_keys_by_version ON customer_keys (tenant_id, tenant_key_version) WHERE destroyed_at IS NULL;
      CREATE INDEX customer_keys_unshared ON customer_keys (tenant_id) WHERE destroyed_at IS NULL AND NOT shared;
      CREATE INDEX watchlist_entries_by_version ON watchlist_entries (tenant_id, tenant_key_version) WHERE ended_at IS NULL;
      CREATE INDEX watchlist_entries_old_form ON watchlist_entries (tenant_id)
        WHERE ended_at IS NULL AND NOT (shared AND protected);
      CREATE INDEX voiceprints_unprotected ON voiceprints (tenant_id) WHERE status = 'active' AND NOT protected;
      CREATE INDEX customer_keys_share_left ON customer_keys (tenant_id)
        WHERE shared AND destroyed_at IS NOT NULL AND share_destroyed_at IS NULL;
      CREATE INDEX watchlist_entries_share_left ON watchlist_entries (tenant_id)
        WHERE shared AND ended_at IS NOT NULL AND share_destroyed_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX watchlist_entries_share_left, customer_keys_share_left, voiceprints_unprotected,
        watchlist_entries_old_form, watchlist_entries_by_version, customer_keys_unshared, customer_keys_by_version;
      ALTER TABLE call_handovers DROP tenant_key_version;
      ALTER TABLE telephony_credentials DROP tenant_key_version;
      ALTER TABLE enrolment_stretches DROP protected;
      ALTER TABLE voiceprints DROP protected;
      ALTER TABLE watchlist_entries DROP tenant_key_version, DROP shared, DROP share_destroyed_at, DROP protected;
      ALTER TABLE customer_keys DROP tenant_key_version, DROP shared, DROP share_destroyed_at;
      ALTER TABLE tenants DROP key_version, DROP previous_wrapped_key, DROP wrapped_transform, DROP master_key_id;
    `);
  }
}
