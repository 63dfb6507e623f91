import { type MigrationInterface, type QueryRunner } from 'typeorm';

/** Flags' changes are told by a reader of facts: of what was recorded before, calls' own processes have told. */
export class FlagsTold1764000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const scope = (tenantId: string): Promise<unknown> =>
      runner.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [tenantId]);
    await scope('*');
    const heads = (await runner.query(
      `SELECT tenant_id, count FROM ledger_heads WHERE ledger = 'audit'`,
    )) as { tenant_id: string; count: string }[];
    for (const { tenant_id, count } of heads) {
      await scope(tenant_id);
      await runner.query('INSERT INTO fact_cursors (tenant_id, reader, seq) VALUES ($1, $2, $3)', [
        tenant_id,
        'flags in the event log',
        count,
      ]);
    }
    await scope('');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`SELECT set_config('timbre.tenant_id', '*', true)`);
    const cursors = (await runner.query('SELECT DISTINCT tenant_id FROM fact_cursors')) as {
      tenant_id: string;
    }[];
    for (const { tenant_id } of cursors) {
      await runner.query(`SELECT set_config('timbre.tenant_id', $1, true)`, [tenant_id]);
      await runner.query(`DELETE FROM fact_cursors WHERE reader = 'flags in the event log'`);
    }
    await runner.query(`SELECT set_config('timbre.tenant_id', '', true)`);
  }
}
