import type { TokenId } from '../../../core/ids.js';
import type { Purpose } from '../../../core/privacy/consent.js';

/** The words of one version in one language; never changed. */
export interface Notice {
  readonly version: string;
  /** BCP 47. */
  readonly language: string;
  readonly text: string;
  /** Null: it came with a consent, and nobody has said which purposes it names. */
  readonly purposes: readonly Purpose[] | null;
  readonly asksAgain: boolean;
  readonly effectiveFrom: Date;
  readonly createdAt: Date;
  readonly createdBy: TokenId | null;
}

const shippedAt = new Date('2026-01-01T00:00:00.000Z');

/** What the agent page reads (src/web/agent/browser/consent-notice.ts): every tenant has it. */
export const shippedNotice: Notice = {
  version: 'timbre-voice-check-en-1',
  language: 'en',
  text:
    'With your permission we make a pattern of your voice, a voiceprint, from this call. We use it only to check that it is ' +
    'really you when you call us. It is stored encrypted, and no recording is kept for it. You can say no, and you can change your mind at any time: the voiceprint is then destroyed, and our service to ' +
    'you stays the same. Our privacy notice says how long we keep it and who to ask. Do you agree?',
  purposes: ['verification', 'enrolment'],
  asksAgain: false,
  effectiveFrom: shippedAt,
  createdAt: shippedAt,
  createdBy: null,
};
