import { ConsentEntryRow } from './consent-entry.entity.js';

export const consentsEntities = [ConsentEntryRow];
