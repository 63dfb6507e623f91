import { describe, expect, it } from '@jest/globals';
import { verificationInWords } from '../../../core/calls/agent-view.js';
import { consentMethods, purposes } from '../../../core/privacy/consent.js';
import { storedTables as dataMap } from '../../../app/stored-tables.js';
import { requestKinds } from '../../../core/privacy/packs/pack.js';
import { recordedActivities } from '../../../core/privacy/processing-record.js';
import { objectionScopes, requestStates } from '../../../core/privacy/requests/request.js';
import { flagStates } from '../../../core/risk/flag-states.js';
import { groupOf, severities, type ReasonCode } from '../../../core/risk/risk-reason.js';
import type { VerificationReason } from '../../../core/speaker/verification.js';
import type { FactAction } from '../../installation/facts/fact.js';
import { bundlePage } from './bundle-page.js';
import { bundleSpeaker } from './bundle-speaker.js';
import { howResultsComeAbout, leftOutOfBundle, type DataBundle } from './data-bundle.js';

/** Of the audit log's actions those about a customer or a request: total, so that a new one is decided on here. */
type NotOfPeople =
  | `flag-${string}`
  | `notice-${string}`
  | `retention-${string}`
  | `consent-signer-${string}`
  | `policy-${string}`
  | `mean-voice-${string}`
  | 'own-callers-measured'
  | 'acceptance-bounds-changed'
  | `token-${string}`
  | `telephony-${string}`
  | `watchlist-${'created' | 'reviewed' | 'closed' | 'entry-added' | 'entry-expired' | 'entry-erased'}`
  | `tenant-key-${string}`
  | 'master-key-rotated'
  | 'previous-master-keys-forgotten'
  | 'audit-exported';
const actions: Readonly<Record<Exclude<FactAction, NotOfPeople>, true>> = {
  'voiceprint-used': true,
  'voiceprint-enrolled': true,
  'voiceprint-replacement-refused': true,
  'enrolment-held': true,
  'held-enrolment-discarded': true,
  'voiceprint-revoked': true,
  'voiceprint-expired': true,
  'call-claimed': true,
  'verification-decided': true,
  'voice-forgotten': true,
  'enrolment-speech-kept': true,
  'account-reference-seen': true,
  'watchlist-screened': true,
  'consent-granted': true,
  'consent-withdrawn': true,
  'residence-changed': true,
  'legal-hold-placed': true,
  'legal-hold-released': true,
  'self-service-link-issued': true,
  'self-service-link-refused': true,
  'self-service-opened': true,
  'self-service-used': true,
  'customer-erased': true,
  'request-received': true,
  'request-confirmed': true,
  'request-identity-checked': true,
  'request-started': true,
  'request-extended': true,
  'request-reminder': true,
  'request-fulfilled': true,
  'request-refused': true,
  'request-reopened': true,
  'objection-taken-back': true,
  'data-bundle-released': true,
};

describe('the page in German', () => {
  const at = '2026-03-01T09:30:00.000Z';
  const voiceprint = {
    status: 'active',
    createdAt: at,
    vouchesFrom: at,
    netSpeechMs: 21_000,
    source: 'microphone',
    expiresAt: at,
  };
  const decision = {
    state: 'rejected',
    reason: 'x',
    netSpeechMs: 9000,
    llr: -2.5,
    acceptLlr: 3,
    rejectLlr: -1,
  };
  /** One of everything that the page shows. */
  const full = {
    at,
    laws: [],
    customer: { customerId: 'c', accountRef: 'A-1', residence: null, createdAt: at, lastInteractionAt: at },
    business: {
      name: 'Harbour Bank',
      controller: null,
      dataProtectionOfficer: null,
      recipients: [{ name: 'Host', what: 'Server', role: 'processor' }],
      transfers: [{ country: 'CH', recipient: 'Host', safeguard: 'Art. 45' }],
    },
    voiceprints: [
      ...(['consent-ends', 'days-after-last-interaction', 'law-limit', 'model-retired'] as const).map(
        (expiryReason) => ({ ...voiceprint, expiryReason, endedAt: null, endedReason: null }),
      ),
      {
        ...voiceprint,
        expiryReason: 'law-limit',
        status: 'revoked',
        endedAt: at,
        endedReason: 'consent-withdrawn',
      },
    ],
    pendingEnrolment: { netSpeechMs: 4000, expiresAt: at },
    heldEnrolments: [{ createdAt: at, expiresAt: at, source: 'upload' }],
    consents: [null, at].map((withdrawnAt) => ({
      state: 'granted',
      purposes: [...purposes],
      method: 'web-form',
      givenAt: at,
      validUntil: null,
      noticeVersion: '1',
      noticeLanguage: 'en',
      noticeText: 'We make a voiceprint.',
      withdrawnAt,
    })),
    objections: [{ kind: 'limit', scopes: [...objectionScopes], since: at, endedAt: at }],
    calls: Object.values(verificationReasons()).map((inWords) => ({
      openedAt: at,
      closedAt: at,
      direction: 'inbound',
      decision: { ...decision, inWords },
    })),
    accountEvents: [{ at, kind: 'payout', reference: 'R-1' }],
    flags: [
      {
        raisedAt: at,
        severity: 'high',
        state: 'open',
        changedAt: at,
        reasons: (Object.keys(groupOf) as ReasonCode[]).map((code) => ({ code, text: 'English, at 09:30.' })),
      },
    ],
    requests: requestKinds.map((kind) => ({
      kind,
      scopes: [],
      state: 'fulfilled',
      receivedAt: at,
      dueAt: at,
      answeredAt: at,
      explanation: 'Yes.',
    })),
    uses: [{ at, action: 'voiceprint-used', callId: null }],
    purposes: recordedActivities(dataMap).map((activity) => ({
      ...activity,
      retention: activity.retention.map(({ id, text }) => ({
        id,
        text: text.replaceAll('retention.callDays', '395 days (retention.callDays)'),
      })),
    })),
    logic: howResultsComeAbout,
    leftOut: leftOutOfBundle,
  } as unknown as DataBundle;

  function verificationReasons(): string[] {
    const all: Record<VerificationReason, true> = {
      'no-customer-claimed': true,
      'claim-not-found': true,
      'consent-missing': true,
      'consent-expired': true,
      'consent-withdrawn': true,
      objected: true,
      'consent-method-not-enough': true,
      'consent-to-be-renewed': true,
      'voiceprint-missing': true,
      'enrolled-in-this-call': true,
      'enrolment-under-way': true,
      'voiceprint-too-new': true,
      'voiceprint-past-retention': true,
      'voiceprint-of-other-model': true,
      'not-enough-speech': true,
      'being-weighed': true,
      'several-voices': true,
      'caller-changed': true,
      'evidence-above-accept-threshold': true,
      'evidence-below-reject-threshold': true,
      'evidence-between-thresholds': true,
      'quality-too-poor': true,
      'mixed-channel': true,
      'gate-unavailable': true,
    };
    return (Object.keys(all) as VerificationReason[]).map(verificationInWords);
  }

  it('has words for everything that Timbre says on it, the data map’s too', () => {
    const missing: string[] = [];
    bundlePage(
      full,
      bundleSpeaker('de', (text) => missing.push(text)),
    );
    expect(missing).toEqual([]);
  });

  it('has words for every state that a page may have to tell', () => {
    const missing: string[] = [];
    const { code } = bundleSpeaker('de', (text) => missing.push(text));
    const states = [...requestStates, ...flagStates, ...severities, ...consentMethods, ...objectionScopes];
    for (const one of [...states, ...requestKinds, ...Object.keys(actions)]) code(one);
    expect(missing).toEqual([]);
  });

  it('says German, with days and numbers in place, and leaves what was agreed to in its own words', () => {
    const page = bundlePage(full, bundleSpeaker('de'));
    expect(page).toContain('<html lang="de">');
    expect(page).toContain('395 Tage (retention.callDays) nach dem Anruf');
    expect(page).toContain('-2.5 (angenommen ab 3.0, abgelehnt unter -1.0)');
    expect(page).toContain('<blockquote lang="en">We make a voiceprint.</blockquote>');
    expect(page).not.toMatch(/English, at|Kept until|\{\w+\}/);
  });

  it('in English says what it said before: codes as the API has them', () => {
    const page = bundlePage(full);
    for (const words of [
      'voiceprint-used',
      'web-form',
      'English, at 09:30.',
      '395 days (retention.callDays) after the call',
    ])
      expect(page).toContain(words);
  });
});
