import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each process says that it lives, and a call's row says which process has it: what a lost one held is closed by another. */
export class ProcessLeases1764000014100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE process_leases (
        process_id uuid PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
      ALTER TABLE calls ADD COLUMN process_id uuid;
      DROP INDEX calls_open_by_stream;
      CREATE INDEX calls_resumable_by_stream ON calls (tenant_id, stream_key)
        WHERE closed_at IS NULL OR close_reason = 'process-lost';
      CREATE INDEX calls_open_by_process ON calls (tenant_id, process_id) WHERE closed_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX calls_resumable_by_stream;
      CREATE INDEX calls_open_by_stream ON calls (tenant_id, stream_key) WHERE closed_at IS NULL;
      ALTER TABLE calls DROP COLUMN process_id;
      DROP TABLE process_leases;
    `);
  }
}
