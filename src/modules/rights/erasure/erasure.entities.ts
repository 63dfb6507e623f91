import { Erasure } from './erasure.entity.js';

export const erasureEntities = [Erasure];
