import { AcceptanceBound } from './acceptance-bound.entity.js';
import { OwnCallerCount } from './own-caller-count.entity.js';

export const accuracyEntities = [AcceptanceBound, OwnCallerCount];
