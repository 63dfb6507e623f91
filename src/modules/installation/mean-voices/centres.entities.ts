import { CentreSum } from './centre-sum.entity.js';
import { CentreVersion } from './centre-version.entity.js';

export const centresEntities = [CentreSum, CentreVersion];
