import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Bank, completed, speech } from '../e2e/bank.js';
import { startApp, type TestApp } from '../support/app.js';
import { runAudit } from './support.js';

// Real speech, the shipped model, a real PostgreSQL and real sockets.
let app: TestApp;
let bank: Bank;
let allison: { customerId: string; consentId: string };

beforeAll(async () => {
  app = await startApp();
  bank = await Bank.open(app);
  allison = await bank.enrolled('ALLISON', 'allison');
}, 120_000);
afterAll(() => app.close());

describe('a call in the audit log', () => {
  it('shows which voiceprint it used under which consent, and what was decided', async () => {
    const { closed } = await bank.closing('audited');
    const outcome = await bank.call(speech('allison', 'call-1'), { customer: 'ALLISON', callId: 'audited' });
    const { callId } = completed(outcome);
    await closed;
    const { text } = await bank.as('privacy').get('/v1/audit/export').buffer(true).expect(200);
    const told = text
      .split('\n')
      .filter((line) => line.includes(callId))
      .map((line) => (JSON.parse(line) as { record: object }).record);
    expect(told).toMatchObject([
      {
        action: 'voiceprint-used',
        subject: { kind: 'customer', id: allison.customerId },
        details: { purpose: 'verification', consentId: allison.consentId },
      },
      { action: 'verification-decided', details: { state: 'accepted', policyVersion: 0 } },
    ]);
    expect(await runAudit(app.databaseUrl, 'verify')).toMatchObject({ code: 0 });
  });
});
