import { FlagChange } from './flag-change.entity.js';
import { Flag } from './flag.entity.js';

export const flagsEntities = [Flag, FlagChange];
