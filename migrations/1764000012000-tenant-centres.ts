import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What telephone voices share, learnt from a tenant's own calls: sums over many people, and the centres made of them. */
export class TenantCentres1764000012000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE centre_sums (
        tenant_id uuid NOT NULL REFERENCES tenants,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        sum float8[] NOT NULL,
        calls integer NOT NULL CHECK (calls > 0),
        since timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, model_sha256)
      );
      CREATE TABLE centre_versions (
        tenant_id uuid NOT NULL REFERENCES tenants,
        version integer NOT NULL CHECK (version > 0),
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        centre float4[],
        calls integer NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        PRIMARY KEY (tenant_id, version),
        CHECK ((centre IS NULL) = (calls = 0))
      );
      CREATE INDEX centre_versions_by_model ON centre_versions (tenant_id, model_sha256, version DESC);
      ALTER TABLE centre_sums ENABLE ROW LEVEL SECURITY;
      ALTER TABLE centre_sums FORCE ROW LEVEL SECURITY;
      CREATE POLICY centre_sums_tenant ON centre_sums USING (tenant_id = timbre_tenant());
      ALTER TABLE centre_versions ENABLE ROW LEVEL SECURITY;
      ALTER TABLE centre_versions FORCE ROW LEVEL SECURITY;
      CREATE POLICY centre_versions_tenant ON centre_versions USING (tenant_id = timbre_tenant());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE centre_versions; DROP TABLE centre_sums');
  }
}
