import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasures with their signed receipts, which outlive the person's row, and the public keys that verify them. */
export class Erasure1764000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE erasures (
        erasure_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL,
        reason text NOT NULL,
        rules jsonb NOT NULL,
        request_id uuid,
        requested_by uuid,
        requested_at timestamptz NOT NULL,
        keys jsonb NOT NULL,
        erased_at timestamptz NOT NULL,
        counts jsonb NOT NULL,
        receipt jsonb,
        signature bytea,
        signing_key_id text,
        UNIQUE (tenant_id, customer_id),
        CHECK ((receipt IS NULL) = (signature IS NULL)),
        CHECK ((receipt IS NULL) = (signing_key_id IS NULL))
      );
      CREATE INDEX erasures_recent ON erasures (tenant_id, erased_at DESC);
      CREATE TABLE receipt_keys (
        tenant_id uuid NOT NULL REFERENCES tenants,
        key_id text NOT NULL,
        public_key bytea NOT NULL CHECK (length(public_key) = 32),
        first_used_at timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, key_id)
      );
      -- Who is erased is looked for by customer.
      CREATE INDEX call_events_claims ON call_events (tenant_id, (payload ->> 'customerId')) WHERE kind = 'claimed';
      CREATE INDEX account_events_of_customer ON account_events (customer_id) WHERE customer_id IS NOT NULL;
      CREATE INDEX flags_of_customer ON flags (customer_id) WHERE customer_id IS NOT NULL;
      CREATE INDEX voiceprints_of_customer ON voiceprints (customer_id);
      CREATE INDEX customer_keys_of_customer ON customer_keys (customer_id);
    `);
    for (const table of ['erasures', 'receipt_keys']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
    await runner.query(`
      -- Public by nature: anybody who holds a receipt may verify it.
      CREATE POLICY receipt_keys_published ON receipt_keys FOR SELECT
        USING (current_setting('timbre.tenant_id', true) = '*');
      CREATE FUNCTION timbre_receipt_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND OLD.receipt IS NULL AND NEW.erasure_id = OLD.erasure_id THEN RETURN NEW; END IF;
          RAISE EXCEPTION 'an erasure is not undone, and its receipt is kept as it was signed'
            USING ERRCODE = 'insufficient_privilege';
        END
      $$;
      CREATE TRIGGER erasures_kept BEFORE UPDATE OR DELETE ON erasures
        FOR EACH ROW EXECUTE FUNCTION timbre_receipt_kept();
      CREATE TRIGGER receipt_keys_append_only BEFORE UPDATE OR DELETE ON receipt_keys
        FOR EACH ROW EXECUTE FUNCTION timbre_append_only();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX call_events_claims, account_events_of_customer, flags_of_customer, voiceprints_of_customer,
        customer_keys_of_customer;
      DROP TABLE receipt_keys, erasures;
      DROP FUNCTION timbre_receipt_kept();
    `);
  }
}
