import { Module } from '@nestjs/common';
import { PoliciesModule } from '../policies/policies.module.js';
import { LegalHoldsController } from './legal-holds.controller.js';
import { LegalHolds } from './legal-holds.service.js';
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
  controllers: [RetentionController, LegalHoldsController],
  providers: [
    ...[RetentionMetrics, RetentionSweeper, Redating, RecordSweep],
    ...[RetentionRuns, RetentionAlarm, RetentionPreview, LegalHolds],
  ],
  exports: [RetentionSweeper, RetentionPreview, RetentionRuns, LegalHolds],
})
export class RetentionModule {}
