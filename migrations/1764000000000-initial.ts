import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every table that holds a tenant's rows, in an order in which they can be made. */
const tables = [
  'tenants',
  'api_tokens',
  'telephony_credentials',
  'policies',
  'customers',
  'customer_keys',
  'consents',
  'voiceprints',
  'enrolment_stretches',
  'calls',
  'call_events',
  'account_events',
  'flags',
  'flag_changes',
];

export class Initial1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The tenant of this transaction, set with set_config('timbre.tenant_id', …, true); none set: no row is visible.
    await runner.query(`
      CREATE FUNCTION timbre_tenant() RETURNS uuid LANGUAGE sql STABLE AS $$
        SELECT CASE WHEN current_setting('timbre.tenant_id', true) IN ('', '*') THEN NULL
                    ELSE current_setting('timbre.tenant_id', true)::uuid END
      $$;
      CREATE FUNCTION timbre_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END
      $$;
    `);
    await runner.query(`
      CREATE TABLE tenants (
        tenant_id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
        wrapped_key bytea NOT NULL,
        wrapped_pepper bytea NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE TABLE api_tokens (
        token_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        role text NOT NULL CHECK (role IN ('telephony', 'agent', 'fraud', 'customer-service', 'privacy', 'admin')),
        label text NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz
      );
      CREATE TABLE telephony_credentials (
        credential_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        protocol text NOT NULL,
        external_id text NOT NULL,
        secret_ciphertext bytea NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz
      );
      CREATE TABLE policies (
        tenant_id uuid NOT NULL REFERENCES tenants,
        version integer NOT NULL CHECK (version > 0),
        document jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid,
        PRIMARY KEY (tenant_id, version)
      );
      CREATE TABLE customers (
        customer_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        account_ref text NOT NULL,
        residence text,
        created_at timestamptz NOT NULL,
        last_interaction_at timestamptz NOT NULL,
        UNIQUE (tenant_id, account_ref)
      );
      CREATE TABLE customer_keys (
        key_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers,
        wrapped_key bytea,
        created_at timestamptz NOT NULL,
        destroyed_at timestamptz,
        destroyed_reason text,
        CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
      );
      CREATE UNIQUE INDEX customer_keys_one_live ON customer_keys (customer_id) WHERE destroyed_at IS NULL;
      CREATE TABLE consents (
        entry_id bigserial PRIMARY KEY,
        consent_id uuid NOT NULL,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers,
        kind text NOT NULL CHECK (kind IN ('granted', 'withdrawn')),
        purposes text[] NOT NULL,
        notice_version text NOT NULL,
        notice_language text NOT NULL,
        notice_text text NOT NULL,
        method text NOT NULL,
        given_at timestamptz NOT NULL,
        valid_until timestamptz,
        recorded_at timestamptz NOT NULL,
        recorded_by uuid,
        UNIQUE (consent_id, kind)
      );
      CREATE INDEX consents_by_customer ON consents (customer_id, entry_id);
      CREATE TABLE voiceprints (
        voiceprint_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers,
        model_id text NOT NULL,
        model_sha256 text NOT NULL,
        key_id uuid NOT NULL REFERENCES customer_keys,
        ciphertext bytea,
        net_speech_ms integer NOT NULL,
        status text NOT NULL CHECK (status IN ('active', 'replaced', 'revoked', 'expired')),
        source text NOT NULL,
        consent_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        expiry_reason text NOT NULL,
        ended_at timestamptz,
        ended_reason text,
        CHECK ((status = 'active') = (ciphertext IS NOT NULL)),
        CHECK ((status = 'active') = (ended_at IS NULL))
      );
      CREATE UNIQUE INDEX voiceprints_one_active ON voiceprints (customer_id, model_id) WHERE status = 'active';
      CREATE INDEX voiceprints_due ON voiceprints (expires_at) WHERE status = 'active';
      CREATE TABLE enrolment_stretches (
        stretch_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        customer_id uuid NOT NULL REFERENCES customers,
        model_id text NOT NULL,
        key_id uuid NOT NULL REFERENCES customer_keys,
        ciphertext bytea NOT NULL,
        net_speech_ms integer NOT NULL,
        source text NOT NULL,
        call_id uuid,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX enrolment_stretches_by_customer ON enrolment_stretches (customer_id);
      CREATE INDEX enrolment_stretches_due ON enrolment_stretches (expires_at);
      CREATE TABLE calls (
        call_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        external_id text,
        protocol text NOT NULL,
        ani_hash text,
        dnis_hash text,
        claimed_customer_id uuid REFERENCES customers,
        opened_at timestamptz NOT NULL,
        closed_at timestamptz,
        close_reason text,
        result jsonb NOT NULL
      );
      CREATE INDEX calls_recent ON calls (tenant_id, opened_at DESC);
      CREATE INDEX calls_of_customer ON calls (tenant_id, claimed_customer_id, opened_at);
      CREATE INDEX calls_of_number ON calls (tenant_id, ani_hash, opened_at) WHERE ani_hash IS NOT NULL;
      CREATE TABLE call_events (
        event_id bigserial PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        call_id uuid NOT NULL REFERENCES calls,
        kind text NOT NULL,
        payload jsonb NOT NULL,
        at timestamptz NOT NULL
      );
      CREATE INDEX call_events_by_tenant ON call_events (tenant_id, event_id);
      CREATE INDEX call_events_by_call ON call_events (call_id, event_id);
      CREATE TABLE account_events (
        account_event_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        call_id uuid NOT NULL REFERENCES calls,
        customer_id uuid REFERENCES customers,
        kind text NOT NULL,
        reference text,
        at timestamptz NOT NULL,
        recorded_by uuid
      );
      CREATE INDEX account_events_by_call ON account_events (call_id, at);
      CREATE TABLE flags (
        flag_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        call_id uuid NOT NULL REFERENCES calls,
        customer_id uuid REFERENCES customers,
        severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
        state text NOT NULL CHECK (state IN ('open', 'in-review', 'confirmed-fraud', 'false-alarm', 'inconclusive')),
        reasons jsonb NOT NULL,
        policy_version integer NOT NULL,
        assignee text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        version integer NOT NULL
      );
      CREATE UNIQUE INDEX flags_one_per_call_and_customer ON flags (call_id, customer_id) NULLS NOT DISTINCT;
      CREATE INDEX flags_queue ON flags (tenant_id, state, created_at DESC);
      CREATE TABLE flag_changes (
        change_id bigserial PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants,
        flag_id uuid NOT NULL REFERENCES flags,
        at timestamptz NOT NULL,
        changed_by uuid,
        change jsonb NOT NULL
      );
      CREATE INDEX flag_changes_by_flag ON flag_changes (flag_id, change_id);
    `);
    for (const table of tables) {
      // FORCE: the owner (the role Timbre connects as) is bound too.
      await runner.query(`
        ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY ${table}_tenant ON ${table} USING (tenant_id = timbre_tenant());
      `);
    }
    // The one thing the service may ask across tenants: which tenants there are (sweeper, sign-in by tenant).
    await runner.query(
      `CREATE POLICY tenants_list ON tenants FOR SELECT USING (current_setting('timbre.tenant_id', true) = '*')`,
    );
    for (const table of ['consents', 'call_events', 'flag_changes']) {
      await runner.query(
        `CREATE TRIGGER ${table}_append_only BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION timbre_append_only()`,
      );
    }
    await runner.query(
      `CREATE TRIGGER consents_kept BEFORE DELETE ON consents FOR EACH ROW EXECUTE FUNCTION timbre_append_only()`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...tables].reverse()) await runner.query(`DROP TABLE ${table}`);
    await runner.query('DROP FUNCTION timbre_append_only(); DROP FUNCTION timbre_tenant()');
  }
}
