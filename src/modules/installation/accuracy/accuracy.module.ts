import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { AccuracyController } from './accuracy.controller.js';

@Module({ imports: [PoliciesModule], controllers: [AccuracyController] })
export class AccuracyModule {}
