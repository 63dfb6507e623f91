import { callSection, flagSection, useSection } from './bundle-page-calls.js';
import { consentSection, customerSection, requestSection, voiceSection } from './bundle-page-person.js';
import { purposeSection, recipientSection } from './bundle-page-purposes.js';
import { list, section } from './bundle-page-parts.js';
import type { DataBundle } from './data-bundle.js';
import { html } from '../../platform/http/html.js';
import { pageInItself } from '../../platform/http/page-in-itself.js';

/** The bundle for people to read. */
export function bundlePage(bundle: DataBundle): string {
  const { business, customer, logic, leftOut } = bundle;
  const title = `What ${business.name} holds about your voice`;
  return pageInItself(
    'en',
    title,
    html`<p>Account ${customer.accountRef}, as of ${bundle.at}. Times are UTC.</p>`,

    customerSection(bundle),
    voiceSection(bundle),
    consentSection(bundle),
    callSection(bundle),
    flagSection(bundle),
    requestSection(bundle),
    useSection(bundle),
    purposeSection(bundle),
    recipientSection(bundle),
    section('How results come about', list(logic)),
    section('What is not in here, and why', list(leftOut)),
  );
}
