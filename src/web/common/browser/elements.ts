type Child = Node | string | null;

interface Props {
  readonly class?: string;
  readonly id?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An element with its children; null is left out. Text is set as text: nothing that is shown is ever read as HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (props.class !== undefined) made.className = props.class;
  if (props.id !== undefined) made.id = props.id;
  for (const [name, value] of Object.entries(props.attributes ?? {})) made.setAttribute(name, value);
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

/** A moment in the reader's own time zone, exact in the markup. */
export function moment(iso: string): HTMLTimeElement {
  const words = new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return el('time', { attributes: { datetime: iso, title: iso } }, words);
}

export function day(iso: string): HTMLTimeElement {
  const words = new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' });
  return el('time', { attributes: { datetime: iso, title: iso } }, words);
}

export function facts(entries: readonly (readonly [string, Child])[]): HTMLDListElement {
  const rows = entries.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value ?? '–')));
  return el('dl', { class: 'facts' }, ...rows);
}

/**
 * A table that a narrow window shows as one block a row: each cell then names its column (CSS reads data-label), and the roles
 * keep it a table for screen readers, which `display: block` would take away.
 */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLTableElement {
  const head = el('tr', { attributes: { role: 'row' } });
  for (const column of columns)
    head.append(el('th', { attributes: { scope: 'col', role: 'columnheader' } }, column));
  const body = rows.map((cells) => {
    const row = el('tr', { attributes: { role: 'row' } });
    cells.forEach((cell, at) => {
      const label = columns[at] ?? '';
      row.append(el('td', { attributes: { role: 'cell', 'data-label': label } }, el('div', {}, cell ?? '–')));
    });
    return row;
  });
  return el(
    'table',
    { class: 'data', attributes: { role: 'table' } },
    el('caption', {}, caption),
    el('thead', { attributes: { role: 'rowgroup' } }, head),
    el('tbody', { attributes: { role: 'rowgroup' } }, ...body),
  );
}

/** A labelled field of a form. */
export function field(label: string, input: HTMLElement, hint?: string): HTMLDivElement {
  if (input.id === '') input.id = `field-${label.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  const hintId = `${input.id}-hint`;
  if (hint !== undefined) input.setAttribute('aria-describedby', hintId);
  return el(
    'div',
    { class: 'field' },
    el('label', { attributes: { for: input.id } }, label),
    input,
    hint === undefined ? null : el('p', { class: 'hint', id: hintId }, hint),
  );
}

/** Offers what was fetched as a file to be saved. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  el('a', { attributes: { href: url, download: name } }).click();
  URL.revokeObjectURL(url);
}

/** `voiceprint-used` → Voiceprint used. */
export function words(code: string): string {
  const spaced = code.replace(/[-_]/g, ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
