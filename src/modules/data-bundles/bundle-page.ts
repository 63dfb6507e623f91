import { createHash } from 'node:crypto';
import { callSection, flagSection, useSection } from './bundle-page-calls.js';
import { consentSection, customerSection, requestSection, voiceSection } from './bundle-page-person.js';
import { purposeSection, recipientSection } from './bundle-page-purposes.js';
import { list, section } from './bundle-page-parts.js';
import type { DataBundle } from './data-bundle.js';
import { html } from './html.js';

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #767676 }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border: 1px solid #c4c4c4 }
th { background: #f2f2f2 } blockquote { margin: .5rem 0; padding-left: 1rem; border-left: 4px solid #767676; white-space: pre-line }
@media print { body { margin: 0; max-width: none } }
`;

/** The page needs nothing but itself: it may be saved, printed and sent on. */
export const bundlePageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const;

/** The bundle for people to read. */
export function bundlePage(bundle: DataBundle): string {
  const { business, customer, logic, leftOut } = bundle;
  const title = `What ${business.name} holds about your voice`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          STYLE
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>Account ${customer.accountRef}, as of ${bundle.at}. Times are UTC.</p>
          ${[
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
          ]}
        </main>
      </body>
    </html> `;
  // Formatters must not touch it: its hash is in the header.
  return page.text.replace(/<style>\s*STYLE\s*<\/style>/, `<style>${style}</style>`);
}
