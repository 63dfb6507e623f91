import { el } from '../../common/browser/elements.js';
import type { Outcome } from '../../common/browser/requests.js';

export type Tone = 'good' | 'bad' | 'wait' | 'warn' | 'neutral';

/** A word with a colour behind it; the word alone says it too. */
export function badge(text: string, tone: Tone): HTMLSpanElement {
  return el('span', { class: 'badge', attributes: { 'data-tone': tone } }, text);
}

export function card(title: string, ...children: readonly (Node | string | null)[]): HTMLElement {
  return el('section', { class: 'card' }, el('h3', {}, title), ...children);
}

export function lead(text: string): HTMLParagraphElement {
  return el('p', { class: 'lead' }, text);
}

export function button(text: string, pressed: () => void, kind = 'button'): HTMLButtonElement {
  const made = el('button', { class: kind, attributes: { type: 'button' } }, text);
  made.addEventListener('click', pressed);
  return made;
}

/** What came of something: heard where the focus is. */
export function statusLine(): HTMLParagraphElement {
  return el('p', { class: 'feedback', attributes: { role: 'status' } });
}

export function say(line: HTMLElement, worked: boolean, text: string): void {
  line.dataset['kind'] = worked ? 'done' : 'failed';
  // Emptied first: the same words said again are spoken again.
  line.textContent = '';
  line.textContent = text;
}

/** A form that is sent by `send`, which gets its fields; Enter does what the button does. */
export function form(
  submit: string,
  fields: readonly HTMLElement[],
  send: (data: FormData) => void,
): HTMLFormElement {
  const made = el(
    'form',
    { attributes: { autocomplete: 'off' } },
    el('div', { class: 'fields' }, ...fields),
    el('div', { class: 'row' }, el('button', { class: 'button', attributes: { type: 'submit' } }, submit)),
  );
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    send(new FormData(made));
  });
  return made;
}

/** Over the whole width of its form. */
export function wide(field: HTMLElement): HTMLElement {
  field.classList.add('wide');
  return field;
}

export function textInput(name: string, more: Readonly<Record<string, string>> = {}): HTMLInputElement {
  return el('input', { id: `in-${name}`, attributes: { name, type: 'text', spellcheck: 'false', ...more } });
}

export function select(name: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  const made = el('select', { id: `in-${name}`, attributes: { name } });
  for (const [value, text] of options) made.add(new Option(text, value));
  return made;
}

/** What a field of the form holds, without blanks around it. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** Fills `root` once the answer is there; a refusal is said in its place. */
export async function fill<T>(
  root: HTMLElement,
  asked: Promise<Outcome<T>>,
  show: (body: T) => readonly (Node | string)[],
): Promise<void> {
  root.setAttribute('aria-busy', 'true');
  const outcome = await asked;
  root.removeAttribute('aria-busy');
  const hadFocus = root.contains(document.activeElement);
  if (outcome.kind === 'done') root.replaceChildren(...show(outcome.body));
  else {
    const line = statusLine();
    root.replaceChildren(line);
    say(line, false, outcome.message);
  }
  if (!hadFocus) return;
  // What was pressed is gone: keys go on from here, not from the top of the page.
  root.tabIndex = -1;
  root.focus();
}
