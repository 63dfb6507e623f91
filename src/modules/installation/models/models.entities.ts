import { ServedModelRow } from './served-model.entity.js';

export const modelsEntities = [ServedModelRow];
