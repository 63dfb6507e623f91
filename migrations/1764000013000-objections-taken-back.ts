import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Objections become append-only: that one was taken back is a row of its own, which names it. */
export class ObjectionsTakenBack1764000013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE objections
        DROP COLUMN ended_at,
        DROP CONSTRAINT objections_kind_check,
        ADD CONSTRAINT objections_kind_check CHECK (kind IN ('objection', 'limit', 'taken-back')),
        ADD takes_back uuid UNIQUE REFERENCES objections ON DELETE CASCADE,
        ADD CHECK ((kind = 'taken-back') = (takes_back IS NOT NULL));
      CREATE TRIGGER objections_append_only BEFORE UPDATE ON objections
        FOR EACH ROW EXECUTE FUNCTION timbre_append_only();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER objections_append_only ON objections;
      ALTER TABLE objections ADD ended_at timestamptz;
      UPDATE objections SET ended_at = back.at FROM objections back WHERE back.takes_back = objections.objection_id;
      DELETE FROM objections WHERE kind = 'taken-back';
      ALTER TABLE objections
        DROP COLUMN takes_back,
        DROP CONSTRAINT objections_kind_check,
        ADD CONSTRAINT objections_kind_check CHECK (kind IN ('objection', 'limit'));
    `);
  }
}
