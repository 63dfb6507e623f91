import type { Policy } from '../policy/policy.js';

const hourMs = 3_600_000;

/**
 * From when on a new voiceprint vouches for a caller. Whoever gets their own voice in the place of a customer's, with a stolen
 * token or a talked-round agent, gains nothing until the customer has had time to be told.
 */
export function vouchesFromMs(
  { enrolment: { coolingOffHours } }: Policy,
  takesThePlaceOfAnother: boolean,
  nowMs: number,
): number {
  const { replacement, first } = coolingOffHours;
  return nowMs + (takesThePlaceOfAnother ? replacement : first) * hourMs;
}
