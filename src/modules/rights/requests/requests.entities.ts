import { RightsRequest } from './request.entity.js';

export const requestsEntities = [RightsRequest];
