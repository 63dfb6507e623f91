import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTimbre } from '../../src/start.js';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { streamCall } from '../../tools/call/stream-call.js';
import { testConfig } from '../support/app.js';
import { silentLogger, startPostgres } from '../support/postgres.js';
import { speech } from './bank.js';

let postgres: Awaited<ReturnType<typeof startPostgres>>;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres.stop();
});

describe('shutdown in mid-call', () => {
  it('tells the platform in its own protocol, writes the call’s end, and takes no new call', async () => {
    const timbre = await startTimbre(testConfig({ databaseUrl: postgres.url }), silentLogger);
    const tenantId = await timbre.app.get(TenantsService, { strict: false }).create('Shutting bank');
    const { token } = await timbre.app
      .get(TokensService, { strict: false })
      .create(tenantId, { role: 'telephony', label: 'test', expiresAt: undefined });
    const url = `${timbre.url.replace(/^http/, 'ws')}/v1/telephony/stream`;
    const call = {
      files: speech('allison', 'call-1'),
      url,
      protocol: { kind: 'plain', token, results: true },
      speed: 1,
    } as const;
    let closing: Promise<void> | undefined;
    const outcome = await streamCall(call, {
      onSent: (sentMs) => {
        if (sentMs >= 200) closing ??= timbre.close();
      },
    });
    expect(outcome).toMatchObject({ kind: 'cut-off', closeCode: 1012, error: { code: 'shutting-down' } });
    await closing;
    expect((await streamCall(call)).kind).not.toBe('completed');

    const owner = new pg.Client({ connectionString: postgres.adminUrl });
    await owner.connect();
    const { rows } = await owner.query<{ close_reason: string; closed_at: Date | null; last: string }>(
      `SELECT close_reason, closed_at, (SELECT kind FROM call_events ORDER BY event_id DESC LIMIT 1) AS last FROM calls`,
    );
    await owner.end();
    expect(rows).toEqual([{ close_reason: 'shutdown', closed_at: expect.any(Date), last: 'closed' }]);
  });
});
