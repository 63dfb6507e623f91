import type { ExpiryReason } from '../../../core/privacy/retention.js';
import { section, seconds, table, time } from './bundle-page-parts.js';
import type { BundleSpeaker } from './bundle-speaker.js';
import type { DataBundle } from './data-bundle.js';
import { html, type Html } from '../../../platform/http/html.js';

const expiryWords: Readonly<Record<ExpiryReason, string>> = {
  'consent-ends': 'your consent ends then',
  'days-after-last-interaction': 'so long after we last dealt with you',
  'law-limit': 'a law that protects you sets the date',
  'model-retired': 'the method that it was made for is no longer used',
};

export function customerSection({ customer, laws }: DataBundle, speaker: BundleSpeaker): Html {
  const { say } = speaker;
  return section(
    speaker,
    'You',
    table(
      speaker,
      ['What', 'Held'],
      [
        [say('Account reference'), customer.accountRef],
        [say('Number in the voice check'), customer.customerId],
        [say('Residence, which decides the law'), customer.residence ?? say('not known')],
        [say('Known since'), time(customer.createdAt)],
        [say('Last dealt with'), time(customer.lastInteractionAt)],
        [say('Laws applied'), laws.map(({ name }) => name).join('; ') || say('none switched on')],
      ],
    ),
  );
}

export function voiceSection(
  { voiceprints, pendingEnrolment, heldEnrolments }: DataBundle,
  speaker: BundleSpeaker,
): Html {
  const { say, code } = speaker;
  return section(
    speaker,
    'Your voiceprint',
    table(
      speaker,
      ['State', 'Made', 'From', 'Counts in calls from', 'Kept until', 'Because', 'Ended'],
      voiceprints.map((one) => [
        code(one.status),
        time(one.createdAt),
        say('{seconds} of speech ({source})', {
          seconds: seconds(one.netSpeechMs),
          source: code(one.source),
        }),
        time(one.vouchesFrom),
        time(one.expiresAt),
        say(expiryWords[one.expiryReason]),
        one.endedAt === null
          ? null
          : `${time(one.endedAt) ?? ''}: ${one.endedReason === null ? '' : code(one.endedReason)}`,
      ]),
    ),
    pendingEnrolment === null
      ? html``
      : html`<p>
          ${say('An enrolment is under way: {seconds} of speech so far, kept until {until}.', {
            seconds: seconds(pendingEnrolment.netSpeechMs),
            until: time(pendingEnrolment.expiresAt) ?? '',
          })}
        </p>`,
    ...heldEnrolments.map(
      (one) =>
        html`<p>
          ${say('A voiceprint made {at} ({source}) waits for a decision of the business until {until}.', {
            at: time(one.createdAt) ?? '',
            source: code(one.source),
            until: time(one.expiresAt) ?? '',
          })}
        </p>`,
    ),
  );
}

export function consentSection({ consents, objections }: DataBundle, speaker: BundleSpeaker): Html {
  const { code } = speaker;
  return section(
    speaker,
    'What you agreed to, and what you objected to',
    html`${consents.map(
      (one) =>
        html`<article>
          <h3>${time(one.givenAt)}: ${one.purposes.map(code).join(', ')}</h3>
          <p>${consentText(one, speaker)}</p>
          <blockquote lang="${one.noticeLanguage}">${one.noticeText}</blockquote>
        </article>`,
    )}`,
    table(
      speaker,
      ['Objection or limit', 'To', 'Since', 'Taken back'],
      objections.map(({ kind, scopes, since, endedAt }) => [
        code(kind),
        scopes.map(code).join(', '),
        time(since),
        time(endedAt),
      ]),
    ),
  );
}

function consentText(one: DataBundle['consents'][number], { say, code }: BundleSpeaker): string {
  const said = {
    state: code(one.state),
    method: code(one.method),
    version: one.noticeVersion,
    language: one.noticeLanguage,
    until: time(one.validUntil) ?? say('you withdraw it'),
  };
  const withdrawn = time(one.withdrawnAt);
  return withdrawn === null
    ? say('Now {state}; given by {method}, notice {version} ({language}), until {until}.', said)
    : say(
        'Now {state}; given by {method}, notice {version} ({language}), until {until}; withdrawn {withdrawn}.',
        { ...said, withdrawn },
      );
}

export function requestSection({ requests }: DataBundle, speaker: BundleSpeaker): Html {
  const { code } = speaker;
  return section(
    speaker,
    'What you asked for',
    table(
      speaker,
      ['Kind', 'Received', 'Due', 'State', 'Answered', 'Answer'],
      requests.map((one) => [
        [one.kind, ...one.scopes].map(code).join(' '),
        time(one.receivedAt),
        time(one.dueAt),
        code(one.state),
        time(one.answeredAt),
        one.explanation,
      ]),
    ),
  );
}
