import { CallEvent } from './call-event.entity.js';
import { Call } from './call.entity.js';

export const callsEntities = [Call, CallEvent];
