import { Module } from '@nestjs/common';
import { CallRegistryModule } from '../../calls/call-log/call-registry.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { FlagForgetting } from './flag-forgetting.js';
import { FlagMetrics } from './flag-metrics.js';
import { FlagQueue } from './flag-queue.service.js';
import { FlagReviews } from './flag-reviews.service.js';
import { FlagTelling } from './flag-telling.js';
import { FlagsController } from './flags.controller.js';
import { FlagsService } from './flags.service.js';

@Module({
  imports: [CallRegistryModule, PoliciesModule],
  controllers: [FlagsController],
  providers: [FlagsService, FlagQueue, FlagReviews, FlagMetrics, FlagForgetting, FlagTelling],
  exports: [FlagsService],
})
export class FlagsModule {}
