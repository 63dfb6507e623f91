import { CustomerKey } from './customer-key.entity.js';
import { EnrolmentStretchRow } from './enrolment-stretch.entity.js';
import { HeldEnrolment } from './held-enrolment.entity.js';
import { Voiceprint } from './voiceprint.entity.js';

export const voiceprintsEntities = [CustomerKey, Voiceprint, EnrolmentStretchRow, HeldEnrolment];
