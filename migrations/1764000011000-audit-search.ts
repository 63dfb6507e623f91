import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** What was done to one person, or in one call, is found without reading the whole log. */
export class AuditSearch1764000011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_entries_of_subject ON audit_entries (tenant_id, subject_id, seq);
      CREATE INDEX audit_entries_of_call ON audit_entries (tenant_id, call_id, seq) WHERE call_id IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX audit_entries_of_subject, audit_entries_of_call');
  }
}
