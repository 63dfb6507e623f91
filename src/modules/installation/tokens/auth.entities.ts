import { ApiToken } from './api-token.entity.js';

export const authEntities = [ApiToken];
