/** A time as a law gives it. */
export type Period =
  | { readonly hours: number }
  | { readonly days: number }
  /** Monday to Friday. Public holidays are counted too: the date is then early rather than late. */
  | { readonly businessDays: number }
  /** Calendar months. */
  | { readonly months: number };

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Where a period that begins at a moment ends, in UTC. */
export function addPeriod(fromMs: number, period: Period): number {
  if ('hours' in period) return fromMs + period.hours * hourMs;
  if ('days' in period) return fromMs + period.days * dayMs;
  if ('businessDays' in period) return addBusinessDays(fromMs, period.businessDays);
  return addMonths(fromMs, period.months);
}

export function periodText(period: Period): string {
  if ('hours' in period) return count(period.hours, 'hour');
  if ('days' in period) return count(period.days, 'day');
  if ('businessDays' in period) return count(period.businessDays, 'business day');
  return count(period.months, 'month');
}

function count(many: number, word: string): string {
  return `${many} ${word}${many === 1 ? '' : 's'}`;
}

/** The same day of a later month; where there is none, that month's last day (Regulation 1182/71, Art. 3(2)(c)). */
function addMonths(fromMs: number, months: number): number {
  const from = new Date(fromMs);
  const month = from.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(from.getUTCDate(), lastDay));
  const timeOfDay = ((fromMs % dayMs) + dayMs) % dayMs;
  return midnight + timeOfDay;
}

function addBusinessDays(fromMs: number, days: number): number {
  let at = fromMs;
  for (let left = days; left > 0;) {
    at += dayMs;
    const weekday = new Date(at).getUTCDay();
    if (weekday !== 0 && weekday !== 6) left -= 1;
  }
  return at;
}
