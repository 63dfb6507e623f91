import { type MigrationInterface, type QueryRunner } from 'typeorm';

/**
 * Nonces of signed AudioHook upgrades, kept for a minute, so that none is taken twice by any process; and who holds an API key:
 * its primary key holds across tenants, whose credentials row-level security hides from each other.
 */
export class AudiohookNonces1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE audiohook_nonces (
        tenant_id uuid NOT NULL REFERENCES tenants,
        nonce text NOT NULL CHECK (length(nonce) BETWEEN 1 AND 256),
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, nonce)
      );
      CREATE INDEX audiohook_nonces_expired ON audiohook_nonces (tenant_id, expires_at);
      CREATE TABLE audiohook_api_keys (
        api_key text PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants
      );
    `);
    for (const table of ['audiohook_nonces', 'audiohook_api_keys']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audiohook_api_keys, audiohook_nonces');
  }
}
