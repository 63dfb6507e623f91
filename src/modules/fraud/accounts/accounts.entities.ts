import { AccountEvent } from './account-event.entity.js';

export const accountsEntities = [AccountEvent];
