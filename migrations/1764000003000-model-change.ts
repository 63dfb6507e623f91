import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which voiceprint came of which when the model changed, and which models the tenant's calls are served with. */
export class ModelChange1764000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE voiceprints ADD migrated_from uuid REFERENCES voiceprints ON DELETE SET NULL;
      CREATE INDEX voiceprints_by_model ON voiceprints (tenant_id, model_id, model_sha256) WHERE status = 'active';
      CREATE INDEX voiceprints_migrated ON voiceprints (tenant_id, created_at) WHERE migrated_from IS NOT NULL;
      CREATE TABLE served_models (
        tenant_id uuid NOT NULL REFERENCES tenants,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        first_served_at timestamptz NOT NULL,
        last_served_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, model_id, model_sha256)
      );
      ALTER TABLE served_models ENABLE ROW LEVEL SECURITY;
      ALTER TABLE served_models FORCE ROW LEVEL SECURITY;
      CREATE POLICY served_models_tenant ON served_models USING (tenant_id = timbre_tenant());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE served_models; ALTER TABLE voiceprints DROP COLUMN migrated_from');
  }
}
