import { PolicyVersion } from './policy-version.entity.js';

export const policiesEntities = [PolicyVersion];
