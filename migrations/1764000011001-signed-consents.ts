import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Whose signatures a tenant takes on consents, and which signed consents have been taken: each counts once. */
export class SignedConsents1764000011001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE consent_signers (
        tenant_id uuid NOT NULL REFERENCES tenants,
        signer_id text NOT NULL CHECK (length(signer_id) BETWEEN 1 AND 100),
        name text NOT NULL,
        algorithm text NOT NULL,
        public_jwk jsonb NOT NULL,
        added_at timestamptz NOT NULL,
        added_by uuid,
        revoked_at timestamptz,
        PRIMARY KEY (tenant_id, signer_id)
      );
      ALTER TABLE consent_signers ENABLE ROW LEVEL SECURITY;
      ALTER TABLE consent_signers FORCE ROW LEVEL SECURITY;
      CREATE POLICY consent_signers_tenant ON consent_signers USING (tenant_id = timbre_tenant());
      ALTER TABLE consent_proofs ADD signer_id text, ADD signed_sha256 bytea;
      CREATE UNIQUE INDEX consent_proofs_signed ON consent_proofs (tenant_id, signed_sha256);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE consent_proofs DROP signer_id, DROP signed_sha256;
      DROP TABLE consent_signers;
    `);
  }
}
