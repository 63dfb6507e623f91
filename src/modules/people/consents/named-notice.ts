import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../core/auth/principal.js';
import { asksAgainFromMs } from '../../../core/privacy/notices.js';
import { ProblemError } from '../../../platform/http/problem.js';
import type { NewConsent } from './consent-body.js';
import { shippedNotice, type Notice } from './notice.js';
import { insertNotice, readNotices, toVersion } from './notice-store.js';

/**
 * The notice that a consent names. One that is not there yet comes into being with the consent that brings its words, as
 * clients of before notices had versions expect. Throws when words, purposes or age do not fit.
 */
export async function namedNotice(
  em: EntityManager,
  by: Principal,
  consent: NewConsent,
  now: Date,
): Promise<Notice> {
  const notices = await readNotices(em);
  const found = find(notices, consent);
  const notice = found ?? fromConsent(by, consent, notices, now);
  refuseOtherWords(notice, consent);
  refuseOtherPurposes(notice, consent);
  refuseSuperseded(notice, consent, notices, now);
  // The shipped one has no row before its first use.
  const isStored = found !== undefined && found !== shippedNotice;
  if (!isStored && !(await insertNotice(em, by.tenantId, notice))) {
    const first = find(await readNotices(em), consent);
    if (first !== undefined) refuseOtherWords(first, consent);
  }
  return notice;
}

function find(notices: readonly Notice[], { noticeVersion, noticeLanguage }: NewConsent): Notice | undefined {
  return notices.find(({ version, language }) => version === noticeVersion && language === noticeLanguage);
}

function fromConsent(by: Principal, consent: NewConsent, notices: readonly Notice[], now: Date): Notice {
  const { noticeVersion: version, noticeLanguage: language, noticeText: text } = consent;
  const published = notices.find((notice) => notice.version === version && notice.purposes !== null);
  if (text === undefined || published !== undefined) {
    throw new ProblemError(409, 'notice-not-found', 'There is no notice of this version in this language', {
      detail: 'Add it first (POST /v1/consent-notices), or name one that is there. Nothing was recorded.',
    });
  }
  const createdBy = by.tokenId;
  return {
    version,
    language,
    text,
    purposes: null,
    asksAgain: false,
    effectiveFrom: now,
    createdAt: now,
    createdBy,
  };
}

function refuseOtherWords(notice: Notice, { noticeText }: NewConsent): void {
  if (noticeText === undefined || noticeText === notice.text) return;
  throw new ProblemError(409, 'notice-differs', 'This version of the notice has other words', {
    detail: `Words never change within a version: give these a new one. Nothing was recorded.`,
  });
}

function refuseOtherPurposes({ purposes }: Notice, consent: NewConsent): void {
  if (purposes === null || consent.purposes.every((purpose) => purposes.includes(purpose))) return;
  throw new ProblemError(400, 'bad-input', 'The input is not valid', {
    errors: [{ field: 'purposes', expected: `purposes that the notice names: ${purposes.join(', ')}` }],
  });
}

function refuseSuperseded(notice: Notice, consent: NewConsent, notices: readonly Notice[], now: Date): void {
  const versions = notices.map(toVersion);
  const over = consent.purposes.filter((purpose) => {
    const fromMs = asksAgainFromMs(purpose, notice.version, versions);
    return fromMs !== null && fromMs <= now.getTime();
  });
  if (over.length === 0) return;
  throw new ProblemError(409, 'notice-superseded', 'A newer version of the notice asks again', {
    detail: `Consent under ${notice.version} no longer counts for ${over.join(', ')}. Read the newer one. Nothing was recorded.`,
    extra: { purposes: over },
  });
}
