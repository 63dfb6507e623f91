import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import { aCall, aCustomer, aVerification, type CallOf } from './call-rows.js';
import { FraudBench, type TestTenant } from './fraud-bench.js';

describe('what the network and the platform say of a call', () => {
  const bench = new FraudBench();
  let tenant: TestTenant;
  let customerId: CustomerId;

  beforeAll(() => bench.start());
  afterAll(() => bench.stop());
  beforeEach(async () => {
    tenant = await bench.tenant();
    customerId = await aCustomer(bench, tenant);
  });

  const reasons = async (of: CallOf): Promise<string[]> => {
    const callId = await aCall(bench, tenant, { customerId, ...of });
    const verification = aVerification('rejected', -5);
    const call = { callId, customerId, verification, accountEvents: [] };
    const flag = await bench.flags.assessCall(tenant.tenantId, call);
    return (flag?.reasons ?? []).map(({ code }) => code);
  };
  const earlier = async (calls: number, of: CallOf): Promise<void> => {
    const openedAt = new Date(bench.nowMs - 60_000);
    for (let i = 0; i < calls; i++) await aCall(bench, tenant, { openedAt, ...of });
  };

  it('makes a failed attestation a reason', async () => {
    expect(await reasons({ attestation: 'failed' })).toContain('attestation-failed');
  });

  it.each(['A', 'B', 'C'] as const)('holds attestation %s against nobody', async (attestation) => {
    expect(await reasons({ attestation })).toEqual(['voice-mismatch']);
  });

  it('takes a missing attestation for nothing where none is usual', async () => {
    await earlier(20, {});
    expect(await reasons({})).not.toContain('attestation-missing');
  });

  it('takes a missing attestation for nothing while few calls have been seen', async () => {
    await earlier(19, { attestation: 'A' });
    expect(await reasons({})).not.toContain('attestation-missing');
  });

  it('makes a missing attestation a reason where nearly every call has one', async () => {
    await earlier(18, { attestation: 'B' });
    await earlier(2, {});
    expect(await reasons({})).toContain('attestation-missing');
    expect(await reasons({ direction: 'outbound' })).not.toContain('attestation-missing');
  });

  it('holds the center’s own number against nobody when it calls out', async () => {
    for (let i = 0; i < 4; i++) {
      const other = await aCustomer(bench, tenant);
      await earlier(1, { customerId: other, aniHash: 'ours', direction: 'outbound' });
    }
    expect(await reasons({ aniHash: 'ours', direction: 'outbound' })).toEqual(['voice-mismatch']);
  });
});
