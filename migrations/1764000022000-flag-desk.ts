import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** How a fraud desk searches its flags. Expressions are as in src/modules/fraud/flags/flag-search.ts and flag-order.ts. */
export class FlagDesk1764000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX flags_newest ON flags (tenant_id, created_at, flag_id);
      CREATE INDEX flags_changed ON flags (tenant_id, updated_at, flag_id);
      CREATE INDEX flags_awaiting ON flags (tenant_id,
        (CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END), created_at, flag_id)
        WHERE state IN ('open', 'in-review');
      CREATE INDEX flags_counted ON flags (tenant_id, state, severity);
      CREATE INDEX flags_of_assignee ON flags (tenant_id, assignee) WHERE assignee IS NOT NULL;
      CREATE INDEX flags_by_reason ON flags USING gin (jsonb_path_query_array(reasons, '$[*].code'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX flags_by_reason;
      DROP INDEX flags_of_assignee;
      DROP INDEX flags_counted;
      DROP INDEX flags_awaiting;
      DROP INDEX flags_changed;
      DROP INDEX flags_newest;
    `);
  }
}
