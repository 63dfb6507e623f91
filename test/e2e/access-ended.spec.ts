import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import pg from 'pg';
import request from 'supertest';
import { WebSocket } from 'ws';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import type { Role } from '../../src/core/auth/principal.js';
import { streamCall } from '../../tools/call/stream-call.js';
import { startAppOn, type TestApp } from '../support/app.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { Bank, speech } from './bank.js';

let postgres: TestPostgres;
let here: TestApp;
let there: TestApp;
let bank: Bank;
let aheadMs = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  const clock = { nowMs: () => Date.now() + aheadMs };
  // A socket that says nothing outlives the jump of the clock.
  const config = { masterKey: Buffer.alloc(32, 5), firstMessageTimeoutMs: 600_000 };
  here = await startAppOn(postgres, config, undefined, clock);
  there = await startAppOn(postgres, config, undefined, clock);
  bank = await Bank.open(here);
}, 120_000);
afterAll(async () => {
  await here.close();
  await there.close();
  await postgres.stop();
});

async function aToken(role: Role, expiresAt?: Date): Promise<{ token: string; tokenId: string }> {
  const tokens = here.app.get(TokensService, { strict: false });
  return tokens.create(bank.tenantId, { role, label: 'test', expiresAt });
}

const url = (path: string): string => here.url.replace(/^http/, 'ws') + path;

async function listenTo(path: string, token: string): Promise<{ closed: Promise<[number, Buffer]> }> {
  const socket = new WebSocket(url(path), ['timbre.v1', `bearer.${token}`]);
  await once(socket, 'open');
  return { closed: once(socket, 'close') as Promise<[number, Buffer]> };
}

describe('a token that ends while it is in use', () => {
  it('takes its calls with it when another process revokes it', async () => {
    const { token, tokenId } = await aToken('telephony');
    let revoked: Promise<unknown> | undefined;
    const call = {
      files: speech('allison', 'call-1'),
      url: url('/v1/telephony/stream'),
      protocol: { kind: 'plain', token, results: true },
      speed: 1,
    } as const;
    const outcome = await streamCall(call, {
      onSent: (sentMs) => {
        if (sentMs >= 200)
          revoked ??= request(there.url)
            .delete(`/v1/tokens/${tokenId}`)
            .set('authorization', `Bearer ${bank.tokens.admin}`)
            .expect(204)
            .then();
      },
    });
    await revoked;
    expect(outcome).toMatchObject({ kind: 'cut-off', closeCode: 1008, error: { code: 'access-ended' } });
    const owner = new pg.Client({ connectionString: postgres.adminUrl });
    await owner.connect();
    const { rows } = await owner.query('SELECT close_reason FROM calls');
    await owner.end();
    expect(rows).toEqual([{ close_reason: 'access-ended' }]);
    expect((await streamCall(call)).kind).not.toBe('completed');
  });

  it('takes its sockets with it at its time, and no others', async () => {
    const expiresAt = new Date(Date.now() + 60_000);
    const [stream, feed, staying] = await Promise.all([
      listenTo('/v1/telephony/stream', (await aToken('telephony', expiresAt)).token),
      listenTo('/v1/live', (await aToken('fraud', expiresAt)).token),
      listenTo('/v1/live', bank.tokens.fraud),
    ]);
    aheadMs = 60_000;
    expect((await stream.closed)[0]).toBe(1008);
    expect((await feed.closed)[0]).toBe(4401);
    const closed = staying.closed.then(() => 'closed');
    expect(await Promise.race([closed, Promise.resolve('open')])).toBe('open');
  });
});
