import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often strangers are accepted among a tenant's own callers: counts of comparisons, and the thresholds that follow from them. */
export class OwnCallers1764000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE own_caller_counts (
        tenant_id uuid NOT NULL REFERENCES tenants,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        mean_voice_version integer NOT NULL CHECK (mean_voice_version >= 0),
        measurement_id uuid NOT NULL UNIQUE,
        calls integer NOT NULL CHECK (calls > 0),
        callers integer NOT NULL CHECK (callers BETWEEN 0 AND calls),
        pairs integer NOT NULL,
        pairs_squared float8 NOT NULL,
        above float8[] NOT NULL,
        above_squared float8[] NOT NULL,
        above_by_pairs float8[] NOT NULL,
        own integer NOT NULL,
        own_above float8[] NOT NULL,
        weighed_pairs integer NOT NULL,
        since timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, model_sha256, mean_voice_version)
      );
      CREATE TABLE acceptance_bounds (
        tenant_id uuid NOT NULL REFERENCES tenants,
        version integer NOT NULL CHECK (version > 0),
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        mean_voice_version integer NOT NULL CHECK (mean_voice_version >= 0),
        convenience float8 NOT NULL,
        standard float8 NOT NULL,
        strict float8 NOT NULL,
        callers integer NOT NULL,
        pairs integer NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, version)
      );
      CREATE INDEX acceptance_bounds_by_model
        ON acceptance_bounds (tenant_id, model_sha256, mean_voice_version, version DESC);
      ALTER TABLE own_caller_counts ENABLE ROW LEVEL SECURITY;
      ALTER TABLE own_caller_counts FORCE ROW LEVEL SECURITY;
      CREATE POLICY own_caller_counts_tenant ON own_caller_counts USING (tenant_id = timbre_tenant());
      ALTER TABLE acceptance_bounds ENABLE ROW LEVEL SECURITY;
      ALTER TABLE acceptance_bounds FORCE ROW LEVEL SECURITY;
      CREATE POLICY acceptance_bounds_tenant ON acceptance_bounds USING (tenant_id = timbre_tenant());
      ALTER TABLE voiceprints ADD counted_in uuid;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE voiceprints DROP counted_in; DROP TABLE acceptance_bounds; DROP TABLE own_caller_counts',
    );
  }
}
