/** The 16-bit arithmetic of GSM 06.10 (ETSI EN 300 961), clause 5.1. */

export function saturated(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}

export function add(a: number, b: number): number {
  return saturated(a + b);
}

export function subtract(a: number, b: number): number {
  return saturated(a - b);
}

/** Of two fractions, rounded. */
export function multiply(a: number, b: number): number {
  return saturated((a * b + 16384) >> 15);
}
