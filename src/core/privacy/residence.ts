import { iso31661, iso31662 } from 'iso-3166';
import { z } from 'zod';

const places: ReadonlySet<string> = new Set([
  ...iso31661.map(({ alpha2 }) => alpha2),
  ...iso31662.map(({ code }) => code),
]);

/** Where a person lives: a country (ISO 3166-1), or a state of it (3166-2) where a law is a state's. */
export const residenceSchema = z
  .string()
  .refine((code) => places.has(code), 'a country or state of ISO 3166, such as DE or US-IL');
