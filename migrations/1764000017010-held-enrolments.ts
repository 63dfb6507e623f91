import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Enrolments of a customer who has a voiceprint that may not be replaced just so: a second person decides. */
export class HeldEnrolments1764000017010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE held_enrolments (
        held_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        key_id uuid NOT NULL REFERENCES customer_keys,
        ciphertext bytea NOT NULL,
        net_speech_ms integer NOT NULL,
        source text NOT NULL,
        call_id uuid,
        because text NOT NULL
          CHECK (because IN ('unlike-voiceprint', 'voiceprint-of-earlier-model', 'call-under-way', 'flag-open')),
        reason text,
        checks text[] NOT NULL DEFAULT '{}',
        offered_by uuid,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX held_enrolments_by_customer ON held_enrolments (customer_id);
      CREATE INDEX held_enrolments_by_key ON held_enrolments (key_id);
      CREATE INDEX held_enrolments_in_order ON held_enrolments (tenant_id, created_at, held_id);
      CREATE INDEX held_enrolments_due ON held_enrolments (expires_at);
      ALTER TABLE held_enrolments ENABLE ROW LEVEL SECURITY;
      ALTER TABLE held_enrolments FORCE ROW LEVEL SECURITY;
      CREATE POLICY held_enrolments_tenant ON held_enrolments USING (tenant_id = timbre_tenant());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE held_enrolments');
  }
}
