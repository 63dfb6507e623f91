import { Module } from '@nestjs/common';
import { CALL_RISK } from '../../../core/calls/call-risk.port.js';
import { CallLogModule } from '../../calls/call-log/call-log.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { REPLACEMENT_BLOCKS } from '../../people/voiceprints/replacement-blocks.port.js';
import { FlagExportController } from './flag-export.controller.js';
import { FlagForgetting } from './flag-forgetting.js';
import { FlagMetrics } from './flag-metrics.js';
import { FlagQueue } from './flag-queue.service.js';
import { FlagReviews } from './flag-reviews.service.js';
import { FlagTelling } from './flag-telling.js';
import { FlagsController } from './flags.controller.js';
import { FlagsService } from './flags.service.js';
import { FraudStaffController } from './fraud-staff.controller.js';
import { HeldEnrolmentFlags } from './held-enrolment-flags.js';
import { CallsAndFlagsBlock } from './replacement-blocks.js';

@Module({
  imports: [CallLogModule, PoliciesModule],
  controllers: [FlagsController, FlagExportController, FraudStaffController],
  providers: [
    { provide: CALL_RISK, useExisting: FlagsService },
    { provide: REPLACEMENT_BLOCKS, useClass: CallsAndFlagsBlock },
    FlagsService,
    FlagQueue,
    FlagReviews,
    FlagMetrics,
    FlagForgetting,
    FlagTelling,
    HeldEnrolmentFlags,
  ],
  exports: [CALL_RISK, REPLACEMENT_BLOCKS, FlagsService],
})
export class FlagsModule {}
