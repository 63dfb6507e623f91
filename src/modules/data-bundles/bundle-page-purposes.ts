import { section, table } from './bundle-page-parts.js';
import type { DataBundle } from './data-bundle.js';
import { html, type Html } from '../../platform/http/html.js';

export function purposeSection({ purposes }: DataBundle): Html {
  return section(
    'What it is for, on what ground, and how long it is kept',
    html`${purposes.map(
      ({ name, purpose, legalBases, categories, recipients, retention, erasure }) => html`
        <h3>${name}</h3>
        <p>${purpose}. Shown to: ${recipients.join(', ')}.</p>
        ${table(
          ['Data', 'Ground', 'Kept until', 'If you ask for erasure'],
          [
            [
              categories.map(({ text }) => text).join('; '),
              legalBases.map(({ law, article, ground }) => `${law} ${article}: ${ground}`).join('; '),
              retention.map(({ text }) => text).join(' '),
              erasure.map(({ text }) => text).join(' '),
            ],
          ],
        )}
      `,
    )}`,
  );
}

export function recipientSection({ business }: DataBundle): Html {
  const { controller, dataProtectionOfficer, recipients, transfers } = business;
  return section(
    'Who is responsible, and who else gets to see it',
    table(
      ['Role', 'Who'],
      [
        ['Responsible', contact(controller) ?? business.name],
        ['Data protection officer', contact(dataProtectionOfficer)],
        ...recipients.map(({ name, role, what }) => [`Recipient (${role})`, `${name}: ${what}`]),
        ...transfers.map(({ country, recipient, safeguard }) => [
          `Transfer to ${country}`,
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
