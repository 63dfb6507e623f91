import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the network says of a call, and calls that go on on another process: what is known of them waits here, sealed, for at
 * most a minute. A destroyed key takes what it sealed with it, whoever destroys it.
 */
export class CallHandovers1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE calls
        ADD COLUMN direction text CHECK (direction IN ('inbound', 'outbound')),
        ADD COLUMN attestation text CHECK (attestation IN ('A', 'B', 'C', 'failed')),
        ADD COLUMN stream_key text,
        ADD COLUMN continues_call_id uuid REFERENCES calls;
      CREATE INDEX calls_open_by_stream ON calls (tenant_id, stream_key) WHERE closed_at IS NULL;
      CREATE TABLE call_handovers (
        call_id uuid PRIMARY KEY REFERENCES calls,
        tenant_id uuid NOT NULL REFERENCES tenants,
        protocol text NOT NULL,
        stream_keys text[] NOT NULL,
        customer_id uuid REFERENCES customers,
        key_id uuid REFERENCES customer_keys,
        ciphertext bytea NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX call_handovers_due ON call_handovers (tenant_id, expires_at);
      ALTER TABLE call_handovers ENABLE ROW LEVEL SECURITY;
      ALTER TABLE call_handovers FORCE ROW LEVEL SECURITY;
      CREATE POLICY call_handovers_tenant ON call_handovers USING (tenant_id = timbre_tenant());
      CREATE FUNCTION timbre_drop_handovers() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN DELETE FROM call_handovers WHERE key_id = NEW.key_id; RETURN NULL; END
      $$;
      CREATE TRIGGER customer_keys_drop_handovers AFTER UPDATE OF wrapped_key ON customer_keys
        FOR EACH ROW WHEN (NEW.wrapped_key IS NULL) EXECUTE FUNCTION timbre_drop_handovers();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER customer_keys_drop_handovers ON customer_keys;
      DROP FUNCTION timbre_drop_handovers();
      DROP TABLE call_handovers;
      ALTER TABLE calls DROP COLUMN direction, DROP COLUMN attestation, DROP COLUMN stream_key, DROP COLUMN continues_call_id;
    `);
  }
}
