import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsentId, CustomerId, VoiceprintId } from '../ids.js';
import type { ClaimContext } from './claim-context.js';
import { LiveMigration } from './live-migration.js';

const quality = { speechLevelDbfs: -20, snrDb: 30, clippedShare: 0, concealedShare: 0 };
const ticket = { consentId: 'consent' as ConsentId, erasures: 0 };
const verified = (from = 'old', toModelId = 'next'): ClaimContext => ({
  kind: 'ready',
  customerId: 'customer' as CustomerId,
  consentId: 'consent' as ConsentId,
  validUntilMs: Infinity,
  voiceprintId: from as VoiceprintId,
  modelId: 'previous',
  migration: { toModelId, neededMs: 3000, ticket },
  voiceprint: Float32Array.of(1, 0),
  netSpeechMs: 30_000,
});
const second = () => ({ embedding: Float32Array.of(0, 1), netSpeechMs: 1000 });

let migration: LiveMigration;
const hear = (seconds: number, modelId = 'next') => {
  for (let i = 0; i < seconds; i++) migration.add(modelId, second(), quality);
};
beforeEach(() => {
  migration = new LiveMigration();
  migration.apply(verified());
});

describe('a call on the way to the current model', () => {
  it('leaves its speech, with the voiceprint and consent it was verified under, when it ends accepted', () => {
    hear(2);
    expect(migration.take('accepted')).toMatchObject({
      from: 'old',
      ticket,
      stretch: { netSpeechMs: 2000, embeddings: [second(), second()] },
    });
    expect(migration.take('accepted')).toBeNull();
  });

  it.each(['rejected', 'inconclusive', 'collecting', 'opted-out', 'no-consent'] as const)(
    'leaves nothing when it ends %s',
    (state) => {
      hear(3);
      expect(migration.take(state)).toBeNull();
    },
  );

  it('leaves nothing once it has been in doubt, whatever comes after', () => {
    hear(2);
    migration.bar();
    migration.apply(verified());
    hear(3);
    expect(migration.wantedModelId).toBeNull();
    expect(migration.take('accepted')).toBeNull();
  });

  it('asks for embeddings of the current model until there is enough speech, and takes no other’s', () => {
    hear(5, 'previous');
    expect(migration.wantedModelId).toBe('next');
    hear(3);
    expect(migration.wantedModelId).toBeNull();
    hear(4);
    expect(migration.take('accepted')?.stretch.netSpeechMs).toBe(3000);
  });

  it('goes on over a recheck that changes nothing', () => {
    hear(2);
    migration.apply(verified());
    expect(migration.take('accepted')?.stretch.netSpeechMs).toBe(2000);
  });

  it.each<[string, ClaimContext | null]>([
    ['consent is withdrawn', { kind: 'opted-out', customerId: 'customer' as CustomerId }],
    ['another voiceprint is in force', verified('newer')],
    ['nobody is claimed any more', null],
  ])('destroys what it has when %s', (_, context) => {
    const heard = second();
    migration.add('next', heard, quality);
    migration.apply(context);
    expect(migration.take('accepted')).toBeNull();
    expect([...heard.embedding]).toEqual([0, 1]); // a copy was kept: the caller's own stays as it was
  });
});
