import { createHash } from 'node:crypto';
import { html, type Html } from './html.js';

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; overflow-wrap: anywhere }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #767676 }
.wide { overflow-x: auto } .wide:focus-visible { outline: 2px solid #1a1a1a; outline-offset: 2px }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; overflow-wrap: normal } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border: 1px solid #c4c4c4 }
th { background: #f2f2f2 } blockquote { margin: .5rem 0; padding-left: 1rem; border-left: 4px solid #767676; white-space: pre-line }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
@media print { body { margin: 0; max-width: none } .wide { overflow: visible } }
`;

/** For a page that needs nothing but itself: it may be saved, printed and sent on. */
export const pageInItselfHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const;

/** `lang`: BCP 47. */
export function pageInItself(lang: string, title: string, ...content: readonly Html[]): string {
  const page = html`<!doctype html>
    <html lang="${lang}">
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
          ${content}
        </main>
      </body>
    </html> `;
  // Formatters must not touch it: its hash is in the header.
  return page.text.replace(/<style>\s*STYLE\s*<\/style>/, `<style>${style}</style>`);
}
