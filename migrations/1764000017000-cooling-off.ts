import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** A voiceprint that took the place of another vouches for nobody at first; those there were do as before. */
export class CoolingOff1764000017000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE voiceprints ADD vouches_from timestamptz');
    await runner.query('ALTER TABLE voiceprints NO FORCE ROW LEVEL SECURITY');
    await runner.query('UPDATE voiceprints SET vouches_from = created_at');
    await runner.query('ALTER TABLE voiceprints FORCE ROW LEVEL SECURITY');
    await runner.query('ALTER TABLE voiceprints ALTER vouches_from SET NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE voiceprints DROP vouches_from');
  }
}
