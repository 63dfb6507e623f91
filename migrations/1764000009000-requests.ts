import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests of people about their data, and what they objected to. A request outlives the person's row, by id alone. */
export class Requests1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE requests (
        request_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL,
        kind text NOT NULL
          CHECK (kind IN ('access', 'portability', 'correction', 'erasure', 'objection', 'limit', 'appeal')),
        scopes text[] NOT NULL,
        channel text NOT NULL,
        authority text,
        authority_proof text,
        appeal_of uuid,
        state text NOT NULL
          CHECK (state IN ('received', 'identity-checked', 'in-progress', 'fulfilled', 'refused')),
        packs text[] NOT NULL,
        due_by jsonb NOT NULL,
        received_at timestamptz NOT NULL,
        due_at timestamptz NOT NULL,
        extendable_to timestamptz,
        extended_at timestamptz,
        extension_reason text,
        confirm_receipt_by timestamptz,
        receipt_confirmed_at timestamptz,
        identity_method text,
        identity_passed boolean,
        identity_reference text,
        identity_checked_at timestamptz,
        identity_checked_by uuid,
        released_at timestamptz,
        answered_at timestamptz,
        answered_by uuid,
        refusal_reason text,
        refusal_article text,
        explanation text,
        erasure_id uuid,
        reminded text[] NOT NULL,
        opened_by uuid,
        changed_at timestamptz NOT NULL,
        CHECK ((state IN ('fulfilled', 'refused')) = (answered_at IS NOT NULL)),
        CHECK ((state = 'refused') = (refusal_reason IS NOT NULL)),
        CHECK ((kind = 'appeal') = (appeal_of IS NOT NULL))
      );
      CREATE UNIQUE INDEX requests_one_open ON requests (customer_id, kind, appeal_of) NULLS NOT DISTINCT
        WHERE answered_at IS NULL;
      CREATE INDEX requests_of_customer ON requests (customer_id, received_at);
      CREATE INDEX requests_open ON requests (tenant_id, due_at) WHERE answered_at IS NULL;
      CREATE INDEX requests_answered ON requests (tenant_id, answered_at) WHERE answered_at IS NOT NULL;
      CREATE TABLE objections (
        objection_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
        request_id uuid NOT NULL,
        kind text NOT NULL CHECK (kind IN ('objection', 'limit')),
        scopes text[] NOT NULL,
        at timestamptz NOT NULL,
        ended_at timestamptz
      );
      CREATE INDEX objections_of_customer ON objections (customer_id, at);
      -- The purposes of one consent may be withdrawn one after the other.
      ALTER TABLE consents DROP CONSTRAINT consents_consent_id_kind_key;
      CREATE UNIQUE INDEX consents_granted_once ON consents (consent_id) WHERE kind = 'granted';
    `);
    for (const table of ['requests', 'objections']) {
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE objections; DROP TABLE requests;
      DROP INDEX consents_granted_once;
      ALTER TABLE consents ADD UNIQUE (consent_id, kind);
    `);
  }
}
