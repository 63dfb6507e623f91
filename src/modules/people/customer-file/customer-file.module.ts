import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { CustomerFileController } from './customer-file.controller.js';

@Module({ imports: [PoliciesModule], controllers: [CustomerFileController] })
export class CustomerFileModule {}
