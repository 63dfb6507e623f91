export interface Line {
  readonly label: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly points: readonly (readonly [number, number])[];
}

export interface Axis {
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const size = 520;
const margin = 58;
const legendLine = 17;

export function plot(
  title: string,
  x: Axis,
  y: Axis,
  lines: readonly Line[],
  legend: 'top' | 'bottom' = 'top',
): string {
  const span = size - 2 * margin;
  const px = (value: number): number => margin + ((value - x.from) / (x.to - x.from)) * span;
  const py = (value: number): number => size - margin - ((value - y.from) / (y.to - y.from)) * span;
  const inX = (value: number): number => Math.min(Math.max(value, x.from), x.to);
  const inY = (value: number): number => Math.min(Math.max(value, y.from), y.to);
  const xTicks = x.ticks.map(
    ({ at, label }) =>
      `<path d="M${px(at)} ${margin}V${size - margin}" stroke="#ddd"/><text x="${px(at)}" y="${size - margin + 16}" text-anchor="middle">${label}</text>`,
  );
  const yTicks = y.ticks.map(
    ({ at, label }) =>
      `<path d="M${margin} ${py(at)}H${size - margin}" stroke="#ddd"/><text x="${margin - 6}" y="${py(at) + 4}" text-anchor="end">${label}</text>`,
  );
  const legendTop = legend === 'top' ? margin + 18 : size - margin - 10 - legendLine * (lines.length - 1);
  const drawn = lines.map(({ colour, dashed, points, label }, i) => {
    const path = points.map(([a, b]) => `${px(inX(a)).toFixed(1)},${py(inY(b)).toFixed(1)}`).join(' ');
    const dash = dashed ? ' stroke-dasharray="5 4"' : '';
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.8"${dash}/>${key(label, colour, dash, legendTop + legendLine * i)}`;
  });
  const middle = size / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="12"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>
${[...xTicks, ...yTicks, ...drawn].join('\n')}
<text x="${middle}" y="30" text-anchor="middle" font-size="15">${title}</text><text x="${middle}" y="${size - 18}" text-anchor="middle">${x.title}</text><text x="18" y="${middle}" text-anchor="middle" transform="rotate(-90 18 ${middle})">${y.title}</text></svg>
`;
}

/** A stroke of the line beside its name: colour is not the only sign. */
function key(label: string, colour: string, dash: string, y: number): string {
  const right = size - margin - 8;
  return `<path d="M${right - 24} ${y - 4}H${right}" stroke="${colour}" stroke-width="1.8"${dash}/><text x="${right - 30}" y="${y}" text-anchor="end" fill="${colour}" stroke="#fff" stroke-width="4" paint-order="stroke">${label}</text>`;
}
