import { CallEvent } from './call-event.entity.js';
import { CallHandover } from '../transfers/call-handover.entity.js';
import { Call } from './call.entity.js';

export const callsEntities = [Call, CallEvent, CallHandover];
