import { ConsentEntryRow } from './consent-entry.entity.js';
import { Objection } from './objection.entity.js';

export const consentsEntities = [ConsentEntryRow, Objection];
