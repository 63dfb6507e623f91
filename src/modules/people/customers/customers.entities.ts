import { Customer } from './customer.entity.js';

export const customersEntities = [Customer];
