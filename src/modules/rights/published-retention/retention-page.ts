import type {
  PublishedClass,
  PublishedLimit,
  PublishedRetention,
} from '../../../core/privacy/published-retention.js';
import { html, type Html } from '../../../platform/http/html.js';
import { pageInItself } from '../../../platform/http/page-in-itself.js';

export function retentionPage(policy: PublishedRetention): string {
  const { business, classes, laws, neverKept, keptAsProof, destruction, rights, policyVersion } = policy;
  return pageInItself(
    'en',
    `How long ${business} keeps what it makes of your voice, and how it is destroyed`,
    html`<p>
      This is our policy of retention and destruction for biometric and other data of our voice check. It is
      made from the settings by which our systems delete (version ${policyVersion}), so that it says what is
      done. Of several dates the earliest counts.
    </p>`,
    section('What is kept, for what and how long', ...classes.map(classArticle)),
    section('What is never kept', list(neverKept)),
    section('What stays as proof', html`<p>${keptAsProof}</p>`),
    section(
      'What the law sets',
      html`<p>For voiceprints of people whom the law protects:</p>`,
      ...laws.map(lawArticle),
    ),
    section('How it is destroyed', list(destruction)),
    section('What you can ask for', list(rights)),
    section('Whom to ask', ...contacts(policy)),
  );
}

function classArticle({ data, purpose, period, endsEarlier, destruction }: PublishedClass): Html {
  return html`<article>
    <h3>${data}</h3>
    <dl>
      <dt>Purpose</dt>
      <dd>${purpose}</dd>
      <dt>Kept</dt>
      <dd>${period}</dd>
      ${endsEarlier.length === 0 ? null : html`<dt>Ends earlier when</dt>`}
      ${endsEarlier.map((when) => html`<dd>${when}</dd>`)}
      <dt>How it goes</dt>
      <dd>${destruction}</dd>
    </dl>
  </article>`;
}

function lawArticle({ law, limits, asksForThisPolicy }: PublishedLimit): Html {
  return html`<article>
    <h3>${law}</h3>
    ${list(limits.map(({ article, text }) => `${text} (${article})`))}
    ${asksForThisPolicy === null ? null : html`<p>Asks for this policy: ${asksForThisPolicy}.</p>`}
  </article>`;
}

function contacts({ business, contact, dataProtectionOfficer }: PublishedRetention): Html[] {
  if (contact === null)
    return [html`<p>${business}. Reach us as you do about your account, or as our site says.</p>`];
  return [contact, dataProtectionOfficer].flatMap((one, index) =>
    one === null
      ? []
      : [
          html`<p>
            ${index === 0 ? null : 'Data protection officer: '}${one.name}${
              one.address === undefined ? null : `, ${one.address}`
            }${one.email === undefined ? null : html`, <a href="mailto:${one.email}">${one.email}</a>`}
          </p>`,
        ],
  );
}

function section(title: string, ...content: readonly Html[]): Html {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function list(items: readonly string[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}
