import { html, type Html } from '../../../platform/http/html.js';
import type { BundleSpeaker } from './bundle-speaker.js';

type Cell = Html | string | number | null;

/** Titles and heads are given in English; the speaker says them. */
export function section({ say }: BundleSpeaker, title: string, ...content: readonly Html[]): Html {
  return html`<section>
    <h2>${say(title)}</h2>
    ${content}
  </section>`;
}

export function list({ say }: BundleSpeaker, items: readonly string[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${say(item)}</li>`)}
  </ul>`;
}

/** Says so when there is nothing. */
export function table(
  { say }: BundleSpeaker,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  if (rows.length === 0) return html`<p>${say('Nothing.')}</p>`;
  const names = head.map((name) => say(name));
  // It may be wider than the screen, and is then moved by keys too.
  return html`<div class="wide" role="group" tabindex="0" aria-label="${names.join(', ')}">
    <table>
      <thead>
        <tr>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell ?? '–'}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** 2026-03-01 09:30 */
export function time(iso: string | null): string | null {
  return iso === null ? null : iso.slice(0, 16).replace('T', ' ');
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
