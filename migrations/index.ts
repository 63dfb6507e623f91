import { Initial1764000000000 } from './1764000000000-initial.js';

/** Every migration, in order. Listed by hand: what runs against a customer's database is never found by a pattern. */
export const migrations = [Initial1764000000000];
