import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Which key store holds the halves of this database's keys: Timbre starts with no other. */
export class KeyStore1764000013001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_store (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        store_id uuid NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE key_store');
  }
}
