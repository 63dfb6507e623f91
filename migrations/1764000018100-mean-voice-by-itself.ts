import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mean voice comes in force by itself once enough callers were gathered: nobody's token made it. */
export class MeanVoiceByItself1764000018100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE centre_versions ALTER created_by DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE centre_versions ALTER created_by SET NOT NULL');
  }
}
