import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Readers of facts: which tenants' audit logs have moved is asked in one query, and how far each reader that must miss nothing has come. */
export class FactCursors1764000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE POLICY ledger_heads_counted ON ledger_heads FOR SELECT
        USING (ledger = 'audit' AND current_setting('timbre.tenant_id', true) = '*');
      CREATE TABLE fact_cursors (
        tenant_id uuid NOT NULL REFERENCES tenants,
        reader text NOT NULL,
        seq bigint NOT NULL CHECK (seq >= 0),
        PRIMARY KEY (tenant_id, reader)
      );
      ALTER TABLE fact_cursors ENABLE ROW LEVEL SECURITY;
      ALTER TABLE fact_cursors FORCE ROW LEVEL SECURITY;
      CREATE POLICY fact_cursors_tenant ON fact_cursors USING (tenant_id = timbre_tenant());
      CREATE POLICY fact_cursors_compared ON fact_cursors FOR SELECT
        USING (current_setting('timbre.tenant_id', true) = '*');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE fact_cursors; DROP POLICY ledger_heads_counted ON ledger_heads');
  }
}
