import { html } from '../../../platform/http/html.js';
import { pageInItself } from '../../../platform/http/page-in-itself.js';
import { callSection, flagSection, useSection } from './bundle-page-calls.js';
import { list, section } from './bundle-page-parts.js';
import { consentSection, customerSection, requestSection, voiceSection } from './bundle-page-person.js';
import { purposeSection, recipientSection } from './bundle-page-purposes.js';
import { bundleSpeaker, type BundleSpeaker } from './bundle-speaker.js';
import type { DataBundle } from './data-bundle.js';

/** The bundle for people to read. */
export function bundlePage(bundle: DataBundle, speaker: BundleSpeaker = bundleSpeaker('en')): string {
  const { business, customer, logic, leftOut } = bundle;
  const { say } = speaker;
  return pageInItself(
    speaker.language,
    say('What {bank} holds about your voice', { bank: business.name }),
    html`<p>
      ${say('Account {account}, as of {at}. Times are UTC.', { account: customer.accountRef, at: bundle.at })}
    </p>`,
    customerSection(bundle, speaker),
    voiceSection(bundle, speaker),
    consentSection(bundle, speaker),
    callSection(bundle, speaker),
    flagSection(bundle, speaker),
    requestSection(bundle, speaker),
    useSection(bundle, speaker),
    purposeSection(bundle, speaker),
    recipientSection(bundle, speaker),
    section(speaker, 'How results come about', list(speaker, logic)),
    section(speaker, 'What is not in here, and why', list(speaker, leftOut)),
  );
}
