import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which rule of which legal pack gave a voiceprint its date. */
export class LegalPacks1764000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE voiceprints ADD expiry_decided_by jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE voiceprints DROP expiry_decided_by');
  }
}
