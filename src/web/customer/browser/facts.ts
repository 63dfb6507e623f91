/** Terms and what they are, as rows of a list. */
export function showFacts(list: HTMLElement, facts: readonly (readonly [string, string])[]): void {
  list.hidden = facts.length === 0;
  list.replaceChildren(
    ...facts.map(([term, text]) => {
      const row = document.createElement('div');
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      dt.textContent = term;
      dd.textContent = text;
      row.append(dt, dd);
      return row;
    }),
  );
}
