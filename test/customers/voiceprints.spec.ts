import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId } from '../../src/core/ids.js';
import {
  alice,
  anotherRecording,
  aStretch,
  bob,
  dayMs,
  startCustomers,
  startMs,
  testModel,
  type CustomersServer,
} from './support.js';
import { feedOf } from '../support/facts.js';
import type { StoredFact } from '../../src/modules/installation/facts/fact.js';
import { customerEffect } from '../../src/modules/installation/facts/effects.js';

let timbre: CustomersServer;
let customerId: CustomerId;
const told: StoredFact[] = [];

beforeAll(async () => {
  timbre = await startCustomers();
  feedOf(timbre.server.app).subscribe('test', (facts) => {
    told.push(...facts);
  });
});
afterAll(() => timbre.close());
beforeEach(async () => {
  timbre.clock.now = startMs;
  customerId = await timbre.newCustomer();
});

const offer = (stretch = aStretch(21_000)) =>
  timbre.voiceprints.addStretch(timbre.tenantId, customerId, stretch);
const context = () => timbre.voiceprints.claimContext(timbre.tenantId, customerId);
/** The secret transform and its undoing cost a ten-millionth. */
const rounded = (voice: Float32Array) => [...voice].map((value) => Math.abs(Math.round(value * 1e6) / 1e6));
const gate = () => timbre.voiceprints.enrolmentGate(timbre.tenantId, customerId);

async function changesTold(): Promise<string[]> {
  await feedOf(timbre.server.app).caughtUp();
  return told.flatMap((fact) => (customerEffect(fact)?.customerId === customerId ? [fact.action] : []));
}

/** Every key and sealed value that is really in the database. */
async function secretsKept(): Promise<Record<string, unknown>[]> {
  return timbre.rows(
    `SELECT wrapped_key AS secret FROM customer_keys WHERE customer_id = $1 AND wrapped_key IS NOT NULL
     UNION ALL SELECT ciphertext FROM voiceprints WHERE customer_id = $1 AND ciphertext IS NOT NULL
     UNION ALL SELECT ciphertext FROM enrolment_stretches WHERE customer_id = $1`,
    customerId,
  );
}

const statuses = (): Promise<unknown[]> =>
  timbre
    .rows('SELECT status FROM voiceprints WHERE customer_id = $1 ORDER BY created_at, status', customerId)
    .then((rows) => rows.map((row) => row['status']));

describe('an enrolment', () => {
  it('is refused without consent, and no key is made', async () => {
    expect(await gate()).toMatchObject({ kind: 'closed', reason: 'consent-missing' });
    expect(await offer()).toMatchObject({ kind: 'no-consent', reason: 'consent-missing' });
    await timbre.giveConsent(customerId, ['verification', 'fraud-watchlist']);
    expect(await offer()).toMatchObject({ kind: 'no-consent', reason: 'consent-missing' });
    expect(await secretsKept()).toEqual([]);
  });

  it('makes a voiceprint that a call can be compared with, and says so', async () => {
    const consentId = await timbre.giveConsent(customerId);
    expect(await gate()).toMatchObject({ kind: 'open', consentId });
    const outcome = await offer();
    expect(outcome).toMatchObject({ kind: 'enrolled', netSpeechMs: 21_000 });
    const ready = await context();
    expect(ready).toMatchObject({
      kind: 'ready',
      customerId,
      consentId,
      validUntilMs: startMs + 730 * dayMs,
    });
    expect(ready.kind === 'ready' && rounded(ready.voiceprint)).toEqual([...alice]);
    expect(await changesTold()).toEqual(['consent-granted', 'voiceprint-enrolled']);
  });

  it('never lies in the database in clear', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    const clear = Buffer.from(alice.buffer).toString('hex');
    const [row] = await timbre.rows('SELECT ciphertext FROM voiceprints WHERE customer_id = $1', customerId);
    expect((row?.['ciphertext'] as Buffer).toString('hex')).not.toContain(clear.slice(0, 16));
  });

  it('is gathered over several stretches, which are deleted when it is complete', async () => {
    await timbre.giveConsent(customerId);
    expect(await offer(aStretch(8000))).toMatchObject({
      kind: 'incomplete',
      netSpeechMs: 8000,
      neededMs: 20_000,
    });
    expect(await context()).toMatchObject({
      kind: 'enrolment-incomplete',
      netSpeechMs: 8000,
      neededMs: 20_000,
    });
    const second = aStretch(8000, anotherRecording(1));
    expect(await offer(second)).toMatchObject({ kind: 'incomplete', netSpeechMs: 16_000 });
    const third = aStretch(8000, anotherRecording(4));
    expect(await offer(third)).toMatchObject({ kind: 'enrolled', netSpeechMs: 24_000 });
    expect(await timbre.rows('SELECT 1 FROM enrolment_stretches WHERE customer_id = $1', customerId)).toEqual(
      [],
    );
    expect((await context()).kind).toBe('ready');
  });

  it('refuses a stretch of another voice and keeps what was there', async () => {
    await timbre.giveConsent(customerId);
    await offer(aStretch(9000));
    const before = await secretsKept();
    expect(await offer(aStretch(15_000, bob))).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'two-speakers' }],
    });
    expect(await secretsKept()).toEqual(before);
    const more = aStretch(12_000, anotherRecording(1));
    expect(await offer(more)).toMatchObject({ kind: 'enrolled', netSpeechMs: 21_000 });
  });

  it('refuses poor speech without touching the voiceprint in force', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    const before = await context();
    const poor = {
      ...aStretch(21_000),
      quality: { speechLevelDbfs: -70, snrDb: 1, clippedShare: 0.5, concealedShare: 0 },
    };
    expect(await offer(poor)).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'quality-too-quiet' }, { code: 'quality-noisy' }, { code: 'quality-clipped' }],
    });
    expect(await context()).toEqual(before);
  });

  it('again replaces the voiceprint and leaves no second ciphertext', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    timbre.clock.now += dayMs;
    expect(await offer(aStretch(30_000, anotherRecording(1)))).toMatchObject({ kind: 'enrolled' });
    timbre.clock.now += dayMs;
    expect(await context()).toMatchObject({ kind: 'ready', netSpeechMs: 30_000 });
    expect(await statuses()).toEqual(['replaced', 'active']);
    expect(await secretsKept()).toHaveLength(2); // one key, one voiceprint
  });

  it('counts at once when it is the first one', async () => {
    await timbre.giveConsent(customerId);
    expect(await offer()).toMatchObject({ vouchesFrom: new Date(startMs).toISOString() });
    expect((await context()).kind).toBe('ready');
  });

  it('that takes another’s place counts a day later, whatever became of that one', async () => {
    const counts = { kind: 'cooling-off', vouchesFromMs: startMs + dayMs };
    await timbre.giveConsent(customerId);
    await offer();
    const again = await offer(aStretch(30_000, anotherRecording(1)));
    expect(again).toMatchObject({ vouchesFrom: new Date(startMs + dayMs).toISOString() });
    expect(await context()).toEqual({ ...counts, customerId });
    // Revoking it does not get round that.
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    expect(await offer(aStretch(30_000, bob))).toMatchObject({ kind: 'enrolled' });
    expect(await context()).toEqual({ ...counts, customerId });
    timbre.clock.now += dayMs;
    expect((await context()).kind).toBe('ready');
  });

  it('counts a day later when consent was withdrawn and given again before it', async () => {
    const consentId = await timbre.giveConsent(customerId);
    await offer();
    await timbre.withdraw(customerId, consentId);
    await timbre.giveConsent(customerId);
    await offer(aStretch(30_000, bob));
    expect((await context()).kind).toBe('cooling-off');
  });

  it('of another voice is the first one again once the voiceprint was revoked', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    expect(await offer(aStretch(30_000, bob))).toMatchObject({ kind: 'enrolled' });
  });

  it('keeps one voiceprint and one key however many run at once', async () => {
    await timbre.giveConsent(customerId);
    // Each four agree with one another in whatever order they come; four of all eight may look like two people.
    const atOnce = (...which: number[]) =>
      Promise.all(which.map((each) => offer(aStretch(6000, anotherRecording(each)))));
    const outcomes = [...(await atOnce(0, 1, 2, 3)), ...(await atOnce(4, 5, 6, 7))];
    expect(outcomes.filter(({ kind }) => kind === 'enrolled')).toHaveLength(2);
    expect(outcomes.filter(({ kind }) => kind === 'incomplete')).toHaveLength(6);
    expect((await statuses()).filter((status) => status === 'active')).toHaveLength(1);
    expect(await timbre.rows('SELECT 1 FROM customer_keys WHERE customer_id = $1', customerId)).toHaveLength(
      1,
    );
  });

  it('ends with the consent that ends first', async () => {
    await timbre.giveConsent(customerId, ['enrolment'], startMs + 20 * dayMs);
    await timbre.giveConsent(customerId, ['verification'], startMs + 10 * dayMs);
    expect(await offer()).toMatchObject({ expiresAt: new Date(startMs + 10 * dayMs).toISOString() });
    // A renewal before that lets it live longer.
    timbre.clock.now += 5 * dayMs;
    await timbre.giveConsent(customerId, ['verification', 'enrolment']);
    expect(await context()).toMatchObject({ kind: 'ready', validUntilMs: startMs + 730 * dayMs });
  });
});

describe('a withdrawal', () => {
  it.each([['verification'], ['enrolment']] as const)(
    'of %s leaves no key, ciphertext or stretch',
    async (purpose) => {
      const other = purpose === 'verification' ? 'enrolment' : 'verification';
      await timbre.giveConsent(customerId, [other]);
      const consentId = await timbre.giveConsent(customerId, [purpose]);
      await offer();
      await offer(aStretch(5000));
      expect(await secretsKept()).toHaveLength(3);
      await timbre.withdraw(customerId, consentId);
      expect(await secretsKept()).toEqual([]);
      expect(await statuses()).toEqual(['revoked']);
      expect((await context()).kind).toBe(purpose === 'verification' ? 'opted-out' : 'not-enrolled');
      expect(await offer()).toMatchObject({ kind: 'no-consent', reason: 'consent-withdrawn' });
    },
  );

  it('of the watchlist purpose leaves the voiceprint alone', async () => {
    await timbre.giveConsent(customerId);
    const consentId = await timbre.giveConsent(customerId, ['fraud-watchlist']);
    await offer();
    await timbre.withdraw(customerId, consentId);
    expect((await context()).kind).toBe('ready');
  });

  it('while speech is analysed drops that speech, even when consent is given anew meanwhile', async () => {
    const consentId = await timbre.giveConsent(customerId);
    const opened = await gate();
    const ticket = opened.kind === 'open' ? opened.ticket : undefined;
    await timbre.withdraw(customerId, consentId);
    expect(await offer({ ...aStretch(21_000), ticket: ticket! })).toMatchObject({
      kind: 'no-consent',
      reason: 'consent-withdrawn',
    });
    await timbre.giveConsent(customerId);
    expect(await offer({ ...aStretch(21_000), ticket: ticket! })).toMatchObject({
      kind: 'no-consent',
      reason: 'consent-withdrawn',
    });
    expect(await secretsKept()).toEqual([]);
    expect((await offer()).kind).toBe('enrolled');
  });

  it('and an enrolment at the same moment never leave a key or voiceprint behind', async () => {
    for (let round = 0; round < 10; round += 1) {
      customerId = await timbre.newCustomer();
      const consentId = await timbre.giveConsent(customerId);
      await Promise.all([offer(), timbre.withdraw(customerId, consentId), offer(aStretch(4000))]);
      expect(await secretsKept()).toEqual([]);
    }
  });
});

describe('a revocation', () => {
  it('leaves no key or ciphertext, only that there was something', async () => {
    const service = await timbre.as('privacy');
    await timbre.giveConsent(customerId);
    await offer();
    await offer(aStretch(5000));
    await service.delete(`/v1/customers/${customerId}/voiceprint`).expect(204);
    expect(await secretsKept()).toEqual([]);
    const [tombstone] = await timbre.rows('SELECT * FROM voiceprints WHERE customer_id = $1', customerId);
    expect(tombstone).toMatchObject({
      status: 'revoked',
      ciphertext: null,
      ended_reason: 'revoked-on-request',
    });
    expect((await context()).kind).toBe('not-enrolled');
    expect(await changesTold()).toContain('voiceprint-revoked');
    await service.delete(`/v1/customers/${customerId}/voiceprint`).expect(404);
  });

  it('drops speech that was being analysed; what is spoken afterwards counts again, under a new key', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    const opened = await gate();
    const ticket = opened.kind === 'open' ? opened.ticket : undefined;
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    expect(await offer({ ...aStretch(21_000), ticket: ticket! })).toEqual({ kind: 'erased' });
    expect(await secretsKept()).toEqual([]);
    expect((await offer()).kind).toBe('enrolled');
    const keys = await timbre.rows(
      'SELECT wrapped_key FROM customer_keys WHERE customer_id = $1',
      customerId,
    );
    expect(keys.map((key) => key['wrapped_key'] === null).sort()).toEqual([false, true]);
  });

  it('of nothing is told apart from one of something', async () => {
    expect(await timbre.voiceprints.revoke(timbre.tenantId, customerId)).toBeUndefined();
    await expect(
      timbre.voiceprints.revoke(timbre.tenantId, crypto.randomUUID() as CustomerId),
    ).rejects.toThrow('no such customer');
  });
});

describe('what a call learns of the customer', () => {
  it('is no consent, with the reason', async () => {
    expect(await context()).toMatchObject({ customerId, kind: 'no-consent', reason: 'consent-missing' });
    await timbre.giveConsent(customerId, ['verification'], startMs + 1);
    expect((await context()).kind).toBe('not-enrolled');
    timbre.clock.now += 1;
    expect(await context()).toMatchObject({ customerId, kind: 'no-consent', reason: 'consent-expired' });
  });

  it('is that the voiceprint is past its date, before the sweeper has come by', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    timbre.clock.now += 730 * dayMs - 1;
    expect((await context()).kind).toBe('ready');
    timbre.clock.now += 1;
    expect(await context()).toMatchObject({
      customerId,
      kind: 'expired',
      reason: 'voiceprint-past-retention',
    });
  });

  it.each(['model_id', 'model_sha256'])('is that the voiceprint is of another model (%s)', async (column) => {
    await timbre.giveConsent(customerId);
    await offer();
    await timbre.rows(`UPDATE voiceprints SET ${column} = 'retired' WHERE customer_id = $1`, customerId);
    expect(await context()).toEqual({ customerId, kind: 'expired', reason: 'voiceprint-of-other-model' });
    await offer();
    timbre.clock.now += dayMs;
    expect((await context()).kind).toBe('ready');
  });

  it('is nothing when a ciphertext was moved from another customer', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    const victim = customerId;
    customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId);
    await offer(aStretch(30_000, bob));
    await timbre.rows(
      `UPDATE voiceprints SET ciphertext = (SELECT ciphertext FROM voiceprints WHERE customer_id = $1) WHERE customer_id = $2`,
      customerId,
      victim,
    );
    await expect(timbre.voiceprints.claimContext(timbre.tenantId, victim)).rejects.toThrow('does not open');
  });

  it('is nothing when an older voiceprint was put back in the place of the newer', async () => {
    await timbre.giveConsent(customerId);
    await offer();
    const [older] = await timbre.rows(
      'SELECT ciphertext FROM voiceprints WHERE customer_id = $1',
      customerId,
    );
    expect(await offer(aStretch(30_000, anotherRecording(1)))).toMatchObject({ kind: 'enrolled' });
    await timbre.rows(
      `UPDATE voiceprints SET ciphertext = $2 WHERE customer_id = $1 AND status = 'active'`,
      customerId,
      older?.['ciphertext'],
    );
    timbre.clock.now += dayMs;
    await expect(context()).rejects.toThrow('does not open');
  });

  it('over HTTP is everything but the voiceprint', async () => {
    const agent = await timbre.as('agent');
    await agent.get(`/v1/customers/${customerId}/voiceprint`).expect(404);
    const consentId = await timbre.giveConsent(customerId);
    await offer(aStretch(5000));
    const pending = await agent.get(`/v1/customers/${customerId}/voiceprint`).expect(200);
    expect(pending.body).toMatchObject({ voiceprint: null, pending: { netSpeechMs: 5000, stretches: 1 } });
    await offer(aStretch(15_000, anotherRecording(1)));
    const { body } = await agent.get(`/v1/customers/${customerId}/voiceprint`).expect(200);
    expect(body).toEqual({
      voiceprint: {
        voiceprintId: expect.any(String),
        status: 'active',
        modelId: testModel.id,
        netSpeechMs: 20_000,
        source: 'upload',
        migratedFrom: null,
        consentId,
        createdAt: new Date(startMs).toISOString(),
        vouchesFrom: new Date(startMs).toISOString(),
        expiresAt: new Date(startMs + 730 * dayMs).toISOString(),
        expiryReason: 'days-after-last-interaction',
        expiryDecidedBy: {
          packId: 'policy',
          rule: 'retention',
          article: 'retention.voiceprintDaysAfterLastInteraction',
        },
        endedAt: null,
        endedReason: null,
      },
      pending: null,
      held: [],
    });
    await agent.delete(`/v1/customers/${customerId}/voiceprint`).expect(403);
  });
});
