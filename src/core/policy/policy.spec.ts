import { describe, expect, it } from '@jest/globals';
import { packIds } from '../privacy/packs/pack.js';
import { defaultPolicy, policySchema } from './policy.js';

const shipped = Object.fromEntries(Object.entries(defaultPolicy).filter(([name]) => name !== 'version'));
const refused = (privacy: object): string[] => {
  const parsed = policySchema.safeParse({ ...shipped, privacy });
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
};

describe('how readily a policy lets another voice be noticed', () => {
  const { callerChange, ...others } = defaultPolicy.verification;
  const cautious = { ...callerChange, operatingPoint: 'cautious' };

  it('is read under the name it had before, too', () => {
    const older = { ...shipped, verification: { ...others, handOver: cautious } };
    expect(policySchema.parse(older)).toEqual({
      ...shipped,
      verification: { ...others, callerChange: cautious },
    });
  });

  it('is the default where a policy says nothing of it', () => {
    const older = { ...shipped, verification: others };
    expect(policySchema.parse(older).verification.callerChange).toEqual(callerChange);
  });

  it('is not taken under both names at once', () => {
    const both = { ...shipped, verification: { ...others, callerChange, handOver: cautious } };
    expect(policySchema.safeParse(both).error?.issues).toMatchObject([
      { code: 'unrecognized_keys', keys: ['handOver'], path: ['verification'] },
    ]);
  });
});

describe('whether a policy gathers a mean voice of the tenant’s own', () => {
  it('is read under the name it had before, too', () => {
    const { ownMeanVoice, ...others } = defaultPolicy.verification;
    const gathering = { ...ownMeanVoice, gather: true };
    const older = { ...shipped, verification: { ...others, ownCentre: gathering } };
    expect(policySchema.parse(older).verification).toEqual({ ...others, ownMeanVoice: gathering });
  });
});

describe('the legal packs of a policy', () => {
  it('are all switched on in one that was written before there were packs', () => {
    const older = Object.fromEntries(Object.entries(shipped).filter(([name]) => name !== 'privacy'));
    expect(policySchema.parse(older).privacy).toEqual({ packs: [...packIds], everywhere: [] });
  });

  it('can be switched off one by one', () => {
    expect(policySchema.parse({ ...shipped, privacy: { packs: ['gdpr'] } }).privacy).toEqual({
      packs: ['gdpr'],
      everywhere: [],
    });
  });

  it.each([
    ['an unknown pack', { packs: ['gdpr', 'hipaa'] }, 'privacy.packs.1'],
    ['a pack twice', { packs: ['gdpr', 'gdpr'] }, 'privacy.packs'],
    [
      'a pack everywhere that is switched off',
      { packs: ['bipa'], everywhere: ['gdpr'] },
      'privacy.everywhere',
    ],
    ['an unknown pack everywhere', { packs: ['gdpr'], everywhere: ['eu'] }, 'privacy.everywhere.0'],
  ])('name the field of %s', (_case, privacy, field) => {
    expect(refused(privacy)).toEqual([field]);
  });
});
