import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['self_service_links', 'self_service_sessions'];

/** Links to the customer page and the visits they open. Both live for minutes and go with the customer. */
export class SelfService1764000010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE self_service_links (
        link_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
        scopes text[] NOT NULL,
        language text,
        issued_by uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      );
      CREATE INDEX self_service_links_due ON self_service_links (tenant_id, expires_at);
      CREATE INDEX self_service_links_customer ON self_service_links (customer_id);
      CREATE TABLE self_service_sessions (
        session_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
        link_id uuid NOT NULL,
        issued_by uuid NOT NULL,
        scopes text[] NOT NULL,
        language text,
        secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
        opened_at timestamptz NOT NULL,
        idle_ends_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL
      );
      CREATE INDEX self_service_sessions_due ON self_service_sessions (tenant_id, idle_ends_at);
      CREATE INDEX self_service_sessions_customer ON self_service_sessions (customer_id);
    `);
    for (const table of tables) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE self_service_sessions, self_service_links');
  }
}
