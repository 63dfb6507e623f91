import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CustomerId, TokenId } from '../../src/core/ids.js';
import type { OfferedStretch } from '../../src/modules/people/voiceprints/enrolment-outcome.js';
import { REPLACEMENT_BLOCKS } from '../../src/modules/people/voiceprints/replacement-blocks.port.js';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import type { SwitchedBlocks } from '../support/replacement-blocks.js';
import {
  anotherRecording,
  aStretch,
  bob,
  clientOf,
  dayMs,
  startCustomers,
  startMs,
  type Client,
  type CustomersServer,
} from './support.js';

let timbre: CustomersServer;
let blocks: SwitchedBlocks;
let customerId: CustomerId;
let offeredBy: TokenId;
let sameHand: Client;
let secondHand: Client;

beforeAll(async () => {
  timbre = await startCustomers();
  blocks = timbre.server.app.get<SwitchedBlocks>(REPLACEMENT_BLOCKS, { strict: false });
  const tokens = timbre.server.app.get(TokensService, { strict: false });
  const made = await tokens.create(timbre.tenantId, {
    role: 'customer-service',
    label: 'test',
    expiresAt: undefined,
  });
  offeredBy = made.tokenId;
  sameHand = clientOf(timbre.server.url, made.token);
  secondHand = await timbre.as('fraud');
});
afterAll(() => timbre.close());
beforeEach(async () => {
  blocks.block = null;
  timbre.clock.now = startMs;
  customerId = await timbre.newCustomer();
  await timbre.giveConsent(customerId);
  await offer(aStretch(21_000));
});

const offer = (stretch: OfferedStretch) =>
  timbre.voiceprints.addStretch(timbre.tenantId, customerId, { ...stretch, by: offeredBy });
const context = () => timbre.voiceprints.claimContext(timbre.tenantId, customerId);

async function heldOf(voice = bob): Promise<string> {
  const outcome = await offer(aStretch(30_000, voice));
  if (outcome.kind !== 'held') throw new Error(outcome.kind);
  return outcome.heldId;
}

async function waiting(): Promise<Record<string, unknown>[]> {
  const { body } = await secondHand.get(`/v1/held-enrolments?customerId=${customerId}`).expect(200);
  return (body as { heldEnrolments: Record<string, unknown>[] }).heldEnrolments;
}

const decide = (heldId: string, how: 'release' | 'discard', by = secondHand) =>
  by.post(`/v1/customers/${customerId}/held-enrolments/${heldId}/${how}`);

const facts = async (action: string): Promise<unknown[]> =>
  (
    await timbre.rows(
      'SELECT by_token, details FROM audit_entries WHERE action = $1 AND subject_id = $2',
      action,
      customerId,
    )
  ).map(({ by_token, details }) => ({ by: by_token, ...(details as object) }));

/** Wherever a sealed voice of the customer lies. */
const sealed = async (): Promise<unknown[]> =>
  timbre.rows(
    `SELECT voiceprint_id FROM voiceprints WHERE customer_id = $1 AND ciphertext IS NOT NULL
     UNION ALL SELECT held_id FROM held_enrolments WHERE customer_id = $1`,
    customerId,
  );

describe('an enrolment of another voice than the voiceprint in force', () => {
  it('is held, changes nothing, and is a fact that names who offered it', async () => {
    const before = await context();
    const again = { reason: 'voice-changed', checks: ['identity-document', 'in-person'] } as const;
    const outcome = await offer({ ...aStretch(30_000, bob), again });
    expect(outcome).toMatchObject({
      kind: 'held',
      because: 'unlike-voiceprint',
      keptUntil: new Date(startMs + 30 * dayMs).toISOString(),
    });
    expect(await context()).toEqual(before);
    expect(await waiting()).toMatchObject([
      {
        customerId,
        because: 'unlike-voiceprint',
        ...again,
        offeredBy,
        netSpeechMs: 30_000,
        source: 'upload',
      },
    ]);
    expect(await facts('enrolment-held')).toMatchObject([
      { by: offeredBy, because: 'unlike-voiceprint', ...again },
    ]);
    const { body } = await secondHand.get('/v1/held-enrolments').expect(200);
    expect(JSON.stringify(body)).not.toMatch(/ciphertext|embedding|vector/);
  });

  it('is not for whoever offered it to release', async () => {
    const heldId = await heldOf();
    const { body } = await decide(heldId, 'release', sameHand).expect(403);
    expect(body).toMatchObject({ type: 'urn:timbre:problem:same-person' });
    expect(await waiting()).toHaveLength(1);
  });

  it('takes the other’s place when a second person releases it, and counts a day later', async () => {
    const heldId = await heldOf();
    timbre.clock.now += dayMs;
    const { body } = await decide(heldId, 'release').expect(200);
    expect(body).toMatchObject({
      kind: 'enrolled',
      vouchesFrom: new Date(startMs + 2 * dayMs).toISOString(),
    });
    expect((await context()).kind).toBe('cooling-off');
    timbre.clock.now += dayMs;
    const ready = await context();
    expect(
      ready.kind === 'ready' && [...ready.voiceprint].map((value) => Math.abs(Math.round(value))),
    ).toEqual([...bob]);
    expect(await waiting()).toEqual([]);
    expect(await sealed()).toHaveLength(1);
    expect(await facts('voiceprint-enrolled')).toMatchObject([{}, { isReplacement: true }]);
    await decide(heldId, 'release').expect(404);
  });

  it('is destroyed when somebody discards it, and the one in force stays', async () => {
    const before = await context();
    const heldId = await heldOf();
    await decide(heldId, 'discard').expect(204);
    expect([await waiting(), await context()]).toEqual([[], before]);
    expect(await sealed()).toHaveLength(1);
    expect(await facts('held-enrolment-discarded')).toMatchObject([{ heldId }]);
    await decide(heldId, 'discard').expect(404);
  });

  it('is another customer’s affair for nobody: neither their id nor another tenant finds it', async () => {
    const heldId = await heldOf();
    const mine = customerId;
    customerId = await timbre.newCustomer();
    await decide(heldId, 'release').expect(404);
    const stranger = await timbre.server.makeToken(await timbre.server.makeTenant(), 'fraud');
    const theirs = clientOf(timbre.server.url, stranger);
    expect((await theirs.get('/v1/held-enrolments').expect(200)).body).toEqual({ heldEnrolments: [] });
    customerId = mine;
    await decide(heldId, 'discard', theirs).expect(404);
    expect(await waiting()).toHaveLength(1);
  });

  it('waits for nobody past its time, and goes with a withdrawal', async () => {
    await heldOf();
    timbre.clock.now += 30 * dayMs;
    expect(await waiting()).toEqual([]);
    timbre.clock.now = startMs;
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    expect(await sealed()).toEqual([]);
  });

  it('is refused while five wait already', async () => {
    for (let made = 0; made < 5; made += 1) await heldOf();
    expect(await offer(aStretch(30_000, bob))).toMatchObject({
      kind: 'refused',
      reasons: [{ code: 'unlike-voiceprint' }],
    });
    expect(await facts('voiceprint-replacement-refused')).toHaveLength(1);
    expect(await sealed()).toHaveLength(6);
  });

  it('needs consent when it is released as much as when it was made', async () => {
    customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId, ['verification', 'enrolment'], startMs + dayMs);
    await offer(aStretch(21_000));
    const heldId = await heldOf();
    expect(await waiting()).toMatchObject([{ expiresAt: new Date(startMs + dayMs).toISOString() }]);
    // The row is there still: the sweeper has not come by.
    await timbre.rows(
      `UPDATE held_enrolments SET expires_at = $2 WHERE held_id = $1`,
      heldId,
      new Date(startMs + 9 * dayMs),
    );
    timbre.clock.now += 2 * dayMs;
    expect((await decide(heldId, 'release').expect(409)).body).toMatchObject({
      type: 'urn:timbre:problem:no-consent',
      reason: 'consent-expired',
    });
  });
});

describe('an enrolment of the same voice', () => {
  it.each(['call-under-way', 'flag-open'] as const)('is held while there is a %s', async (block) => {
    blocks.block = block;
    const outcome = await offer(aStretch(30_000, anotherRecording(1)));
    expect(outcome).toMatchObject({ kind: 'held', because: block });
    const heldId = outcome.kind === 'held' ? outcome.heldId : '';
    expect((await decide(heldId, 'release').expect(409)).body).toMatchObject({
      type: `urn:timbre:problem:${block}`,
    });
    blocks.block = null;
    await decide(heldId, 'release').expect(200);
  });

  it('is held while there is a call under way though the voiceprint was revoked before', async () => {
    await timbre.voiceprints.revoke(timbre.tenantId, customerId);
    blocks.block = 'call-under-way';
    expect(await offer(aStretch(30_000, bob))).toMatchObject({ kind: 'held', because: 'call-under-way' });
  });

  it('of a customer’s first voiceprint is held by nothing', async () => {
    customerId = await timbre.newCustomer();
    await timbre.giveConsent(customerId);
    blocks.block = 'call-under-way';
    expect(await offer(aStretch(21_000))).toMatchObject({ kind: 'enrolled' });
  });
});
