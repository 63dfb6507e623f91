import type { ExpiryReason } from '../../core/privacy/retention.js';
import { section, seconds, table, time } from './bundle-page-parts.js';
import type { DataBundle } from './data-bundle.js';
import { html, type Html } from '../../platform/http/html.js';

const expiryWords: Readonly<Record<string, string>> = {
  'consent-ends': 'your consent ends then',
  'days-after-last-interaction': 'so long after we last dealt with you',
  'model-retired': 'the method that it was made for is no longer used',
} satisfies Partial<Record<ExpiryReason, string>>;

export function customerSection({ customer, laws }: DataBundle): Html {
  return section(
    'You',
    table(
      ['What', 'Held'],
      [
        ['Account reference', customer.accountRef],
        ['Number in the voice check', customer.customerId],
        ['Residence, which decides the law', customer.residence ?? 'not known'],
        ['Known since', time(customer.createdAt)],
        ['Last dealt with', time(customer.lastInteractionAt)],
        ['Laws applied', laws.map(({ name }) => name).join('; ') || 'none switched on'],
      ],
    ),
  );
}

export function voiceSection({ voiceprints, pendingEnrolment }: DataBundle): Html {
  return section(
    'Your voiceprint',
    table(
      ['State', 'Made', 'From', 'Kept until', 'Because', 'Ended'],
      voiceprints.map((one) => [
        one.status,
        time(one.createdAt),
        `${seconds(one.netSpeechMs)} of speech (${one.source})`,
        time(one.expiresAt),
        expiryWords[one.expiryReason] ?? one.expiryReason,
        one.endedAt === null ? null : `${time(one.endedAt) ?? ''}: ${one.endedReason ?? ''}`,
      ]),
    ),
    pendingEnrolment === null
      ? html``
      : html`<p>
          An enrolment is under way: ${seconds(pendingEnrolment.netSpeechMs)} of speech so far, kept until
          ${time(pendingEnrolment.expiresAt)}.
        </p>`,
  );
}

export function consentSection({ consents, objections }: DataBundle): Html {
  return section(
    'What you agreed to, and what you objected to',
    html`${consents.map(
      (one) =>
        html`<article>
          <h3>${time(one.givenAt)}: ${one.purposes.join(', ')}</h3>
          <p>
            Now ${one.state}; given by ${one.method}, notice ${one.noticeVersion} (${one.noticeLanguage}),
            until
            ${time(one.validUntil) ?? 'you withdraw it'}${
              one.withdrawnAt === null ? '' : `; withdrawn ${time(one.withdrawnAt) ?? ''}`
            }.
          </p>
          <blockquote>${one.noticeText}</blockquote>
        </article>`,
    )}`,
    table(
      ['Objection or limit', 'To', 'Since', 'Taken back'],
      objections.map(({ kind, scopes, since, endedAt }) => [
        kind,
        scopes.join(', '),
        time(since),
        time(endedAt),
      ]),
    ),
  );
}

export function requestSection({ requests }: DataBundle): Html {
  return section(
    'What you asked for',
    table(
      ['Kind', 'Received', 'Due', 'State', 'Answered', 'Answer'],
      requests.map((one) => [
        [one.kind, ...one.scopes].join(' '),
        time(one.receivedAt),
        time(one.dueAt),
        one.state,
        time(one.answeredAt),
        one.explanation,
      ]),
    ),
  );
}
