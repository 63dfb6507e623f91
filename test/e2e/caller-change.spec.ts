import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { Bank, completed, speech } from './bank.js';

describe('a call whose caller changes, spoken by real people', () => {
  let app: TestApp;
  let bank: Bank;

  beforeAll(async () => {
    app = await startApp();
    bank = await Bank.open(app);
    await bank.enrolled('allison', 'allison');
  }, 60_000);
  afterAll(() => app.close());

  it('tells when the other voice came, and takes back what it said of the first', async () => {
    const states = new Set<string>();
    const files = [...speech('allison', 'call-1'), ...speech('carlo', 'call-1')];
    const { result } = completed(
      await bank.call(files, { customer: 'allison' }, ({ verification }) => states.add(verification.state)),
    );
    expect(states).toContain('accepted');
    expect(result.verification.state).toBe('rejected');
    const junctionMs = 30_277; // the length of Allison's recording
    const { atMs } = result.verification.callerChange ?? { atMs: NaN };
    expect(Math.abs(atMs - junctionMs)).toBeLessThan(2500);
  }, 30_000);

  it('reports no change in a call of one voice', async () => {
    const { result } = completed(
      await bank.call(speech('allison', 'call-1', 'call-2'), { customer: 'allison' }),
    );
    expect(result.verification).toMatchObject({ state: 'accepted', callerChange: null });
  }, 30_000);
});
