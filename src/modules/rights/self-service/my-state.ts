import { purposes, type ConsentState, type Purpose } from '../../../core/privacy/consent.js';
import type { ConsentView } from '../../people/consents/consent-view.js';
import type { Notice } from '../../people/consents/notice.js';
import type { CurrentVoiceprint } from '../../people/voiceprints/voiceprints.service.js';
import { offeredNotice, type OfferedNotice } from './current-notices.js';
import type { Scope } from './scopes.js';

/** What the page shows a person of what is held about them. */
export interface MyState {
  readonly bank: string;
  readonly accountRef: string;
  /** What this visit may do. */
  readonly scopes: readonly Scope[];
  /** What the bank's site speaks with the person; null: it did not say. */
  readonly language: string | null;
  readonly endsAt: string;
  /** The bank's public policy of retention and destruction. */
  readonly retentionPolicy: string;
  readonly voiceprint: MyVoiceprint | null;
  readonly pending: { readonly netSpeechMs: number; readonly keptUntil: string } | null;
  /** Voiceprints offered in the customer's name that the business has to decide on. */
  readonly held: readonly { readonly madeAt: string; readonly keptUntil: string; readonly source: string }[];
  /** Net speech that an enrolment takes. */
  readonly neededMs: number;
  readonly purposes: readonly MyPurpose[];
  readonly notices: readonly MyNotice[];
}

export interface MyVoiceprint {
  readonly state: 'active' | 'replaced' | 'revoked' | 'expired';
  readonly source: string;
  readonly madeAt: string;
  /** Before it calls are not compared with it, since it took another's place; null: it counts already. */
  readonly countsFrom: string | null;
  readonly keptUntil: string;
  /** Why until then (RetentionReason). */
  readonly keptBecause: string;
  readonly endedAt: string | null;
  readonly endedBecause: string | null;
}

export interface MyPurpose {
  readonly purpose: Purpose;
  readonly consent: ConsentState['kind'];
  /** When it was given, or ended. */
  readonly since: string | null;
  readonly until: string | null;
  /** Under which words it was given. */
  readonly given: { readonly version: string; readonly language: string } | null;
  /** A newer notice asks again: what was agreed to before does not count any more. */
  readonly askedAgain: boolean;
  /** The words to agree to now; null: it cannot be agreed to here. */
  readonly offer: OfferedNotice | null;
}

export interface MyNotice {
  readonly version: string;
  readonly language: string;
  readonly text: string;
  readonly purposes: readonly Purpose[];
}

export function toMyVoiceprint({ voiceprint }: CurrentVoiceprint, nowMs: number): MyVoiceprint | null {
  if (voiceprint === undefined) return null;
  return {
    state: voiceprint.status,
    source: voiceprint.source,
    madeAt: voiceprint.createdAt,
    countsFrom: Date.parse(voiceprint.vouchesFrom) > nowMs ? voiceprint.vouchesFrom : null,
    keptUntil: voiceprint.expiresAt,
    keptBecause: voiceprint.expiryReason,
    endedAt: voiceprint.endedAt,
    endedBecause: voiceprint.endedReason,
  };
}

export function toMyPurposes(
  states: Readonly<Record<Purpose, ConsentState>>,
  consents: readonly ConsentView[],
  notices: readonly Notice[],
  nowMs: number,
): MyPurpose[] {
  return purposes
    .map((purpose) => {
      const state = states[purpose];
      const named =
        'consentId' in state ? consents.find((one) => one.consentId === state.consentId) : undefined;
      return {
        purpose,
        consent: state.kind,
        since: sinceOf(state, named),
        until: state.kind === 'granted' ? toIso(state.validUntilMs) : null,
        given: named === undefined ? null : { version: named.noticeVersion, language: named.noticeLanguage },
        askedAgain:
          state.kind === 'missing' &&
          consents.some((one) => one.askedAgain.includes(purpose) && one.standingPurposes.includes(purpose)),
        offer: offeredNotice(purpose, notices, nowMs) ?? null,
      };
    })
    .filter(({ consent, offer }) => offer !== null || consent !== 'missing');
}

/** The words that are on offer, in every language they are there in. */
export function toMyNotices(offers: readonly MyPurpose[], notices: readonly Notice[]): MyNotice[] {
  const versions = new Set(offers.map(({ offer }) => offer?.version));
  return notices.flatMap(({ version, language, text, purposes: named }) =>
    named !== null && versions.has(version) ? [{ version, language, text, purposes: named }] : [],
  );
}

function sinceOf(state: ConsentState, consent: ConsentView | undefined): string | null {
  switch (state.kind) {
    case 'granted':
      return consent?.givenAt ?? null;
    case 'expired':
    case 'withdrawn':
    case 'objected':
      return toIso(state.atMs);
    case 'missing':
      return null;
  }
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
