import type { Purpose } from '../consent.js';
import type { ObjectionScope } from './request.js';

/**
 * What of the voice's processing stops. `profiling`: flags that Timbre raised by itself are shown to agents only once a person
 * has taken them up. `sale-or-sharing`: Timbre does neither; it is recorded for whoever else uses the data.
 */
export const purposesOf: Readonly<Record<ObjectionScope, readonly Purpose[]>> = {
  verification: ['verification', 'enrolment'],
  'fraud-watchlist': ['fraud-watchlist'],
  profiling: [],
  'sale-or-sharing': [],
};
