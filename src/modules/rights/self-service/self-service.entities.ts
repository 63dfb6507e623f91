import { SelfServiceLink } from './self-service-link.entity.js';
import { SelfServiceSession } from './self-service-session.entity.js';

export const selfServiceEntities = [SelfServiceLink, SelfServiceSession];
