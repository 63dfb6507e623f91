import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { RetentionMetrics } from './retention-metrics.js';
import { RetentionSweeper } from './retention-sweeper.js';

@Module({
  imports: [PoliciesModule],
  providers: [RetentionMetrics, RetentionSweeper],
  exports: [RetentionSweeper],
})
export class RetentionModule {}
