import { ApiToken } from './api-token.entity.js';

export const tokensEntities = [ApiToken];
