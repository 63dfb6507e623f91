/** A Markdown table; with `r` all columns but the first are numbers and stand to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbers: 'l' | 'r' = 'l',
): string {
  const rule = head.map((_, i) => (numbers === 'r' && i > 0 ? '---:' : '---'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
