import { html, type Html } from '../../../platform/http/html.js';
import { section, table } from './bundle-page-parts.js';
import type { BundleSpeaker } from './bundle-speaker.js';
import type { DataBundle } from './data-bundle.js';

export function purposeSection({ purposes }: DataBundle, speaker: BundleSpeaker): Html {
  const { say, rule } = speaker;
  return section(
    speaker,
    'What it is for, on what ground, and how long it is kept',
    html`${purposes.map(
      ({ name, purpose, legalBases, categories, recipients, retention, erasure }) => html`
        <h3>${say(name)}</h3>
        <p>
          ${say('{purpose}. Shown to: {recipients}.', {
            purpose: say(purpose),
            recipients: recipients.map((who) => say(who)).join(', '),
          })}
        </p>
        ${table(
          speaker,
          ['Data', 'Ground', 'Kept until', 'If you ask for erasure'],
          [
            [
              categories.map(({ text }) => say(text)).join('; '),
              legalBases.map(({ law, article, ground }) => `${law} ${article}: ${say(ground)}`).join('; '),
              retention.map(({ id, text }) => rule(id, text)).join(' '),
              erasure.map(({ text }) => say(text)).join(' '),
            ],
          ],
        )}
      `,
    )}`,
  );
}

export function recipientSection({ business }: DataBundle, speaker: BundleSpeaker): Html {
  const { controller, dataProtectionOfficer, recipients, transfers } = business;
  const { say, code } = speaker;
  return section(
    speaker,
    'Who is responsible, and who else gets to see it',
    table(
      speaker,
      ['Role', 'Who'],
      [
        [say('Responsible'), contact(controller) ?? business.name],
        [say('Data protection officer'), contact(dataProtectionOfficer)],
        ...recipients.map(({ name, role, what }) => [
          say('Recipient ({role})', { role: code(role) }),
          `${name}: ${what}`,
        ]),
        ...transfers.map(({ country, recipient, safeguard }) => [
          say('Transfer to {country}', { country }),
          `${recipient}: ${safeguard}`,
        ]),
      ],
    ),
  );
}

function contact(who: DataBundle['business']['controller']): string | null {
  if (who === null) return null;
  return [who.name, who.address, who.email].filter((part) => part !== undefined).join(', ');
}
