import { describe, expect, it } from '@jest/globals';
import type { TenantId } from '../core/ids.js';
import { eachTenant, TenantRounds } from './tenant-rounds.js';

const ids = ['a', 'b', 'c'] as unknown as TenantId[];
const tenants = { listTenants: () => Promise.resolve(ids) };
const breaking = (tenantId: TenantId, seen: TenantId[]): Promise<void> => {
  seen.push(tenantId);
  return tenantId === ids[0] ? Promise.reject(new Error('broken')) : Promise.resolve();
};

describe('a round of the tenants', () => {
  it('comes to every tenant after one has failed, and says whose turn failed', async () => {
    const failed: unknown[] = [];
    const rounds = new TenantRounds<TenantId[]>(tenants, {
      begin: () => [],
      look: breaking,
      failed: (_, tenantId) => failed.push(tenantId),
    });
    expect(await rounds.now()).toEqual(ids);
    expect(failed).toEqual([ids[0]]);
  });

  it('ends where a shutdown finds it, without its end', async () => {
    const ended: unknown[] = [];
    const rounds = new TenantRounds<TenantId[]>(tenants, {
      begin: () => [],
      look: (tenantId, seen) => {
        seen.push(tenantId);
        void rounds.stop();
        return Promise.resolve();
      },
      failed: () => undefined,
      end: (seen) => ended.push(seen),
    });
    expect(await rounds.now()).toEqual([ids[0]]);
    expect(ended).toEqual([]);
  });

  it('says that it could not be made when nobody can say which tenants there are', async () => {
    const failed: unknown[] = [];
    const rounds = new TenantRounds<null>(
      { listTenants: () => Promise.reject(new Error('no database')) },
      { begin: () => null, look: () => Promise.resolve(), failed: (_, tenantId) => failed.push(tenantId) },
    );
    rounds.start(60_000);
    await rounds.stop();
    await Promise.resolve();
    expect(failed).toEqual([undefined]);
  });

  it('can be made once, without an interval', async () => {
    const seen: TenantId[] = [];
    const failed: unknown[] = [];
    const look = (tenantId: TenantId): Promise<void> => breaking(tenantId, seen);
    expect(await eachTenant(tenants, look, (_, tenantId) => failed.push(tenantId))).toBe(true);
    expect([seen, failed]).toEqual([ids, [ids[0]]]);
  });
});
