/** Time is given, never taken: the shell passes the system clock, a test its own. */
export interface Clock {
  /** The time now, in milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
}
