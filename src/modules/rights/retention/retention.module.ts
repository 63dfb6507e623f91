import { Module } from '@nestjs/common';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { RecordSweep } from './record-sweep.js';
import { Redating } from './redating.js';
import { RetentionAlarm } from './retention-alarm.js';
import { RetentionMetrics } from './retention-metrics.js';
import { RetentionPreview } from './retention-preview.js';
import { RetentionRuns } from './retention-runs.js';
import { RetentionSweeper } from './retention-sweeper.js';
import { RetentionController } from './retention.controller.js';

@Module({
  imports: [PoliciesModule],
  controllers: [RetentionController],
  providers: [
    RecordSweep,
    Redating,
    RetentionAlarm,
    RetentionMetrics,
    RetentionPreview,
    RetentionRuns,
    RetentionSweeper,
  ],
  exports: [RetentionSweeper, RetentionPreview, RetentionRuns],
})
export class RetentionModule {}
