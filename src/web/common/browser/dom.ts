/** The element of the page with this id. A missing one is a mistake of ours, found on the first load. */
export function byId(id: string): HTMLElement {
  return partById(id, HTMLElement);
}

export function partById<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id) as Element | null;
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

/** Writes only what changed: screen readers and the caret are not disturbed by what stays. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function useIcon(use: Element, name: string): void {
  const href = `#i-${name}`;
  if (use.getAttribute('href') !== href) use.setAttribute('href', href);
}

export function icon(name: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(namespace, 'use');
  useIcon(use, name);
  svg.append(use);
  return svg;
}

export function clock(time: string | number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

export function clockWithSeconds(time: string | number): string {
  return new Date(time).toLocaleTimeString();
}
