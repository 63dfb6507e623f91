export interface Bar {
  readonly label: string;
  readonly value: number;
}

const width = 720;
const labelWidth = 330;
const lineHeight = 24;
const top = 44;

/** Horizontal bars with their numbers beside them, as SVG. */
export function bars(title: string, all: readonly Bar[]): string {
  const most = Math.max(...all.map(({ value }) => value), Number.MIN_VALUE);
  const height = top + all.length * lineHeight + 12;
  const drawn = all.map(({ label, value }, i) => {
    const y = top + i * lineHeight;
    const length = (value / most) * (width - labelWidth - 70);
    return `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${escaped(label)}</text><rect x="${labelWidth}" y="${y + 2}" width="${length.toFixed(1)}" height="16" fill="#0b5cad"/><text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 14}">${value.toFixed(2)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>
<text x="${width / 2}" y="26" text-anchor="middle" font-size="15">${escaped(title)}</text>
${drawn.join('\n')}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
