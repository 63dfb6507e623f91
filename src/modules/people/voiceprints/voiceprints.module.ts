import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { CountRefusals } from './count-refusals.interceptor.js';
import { EnrolmentMetrics } from './enrolment-metrics.js';
import { EnrolmentsController } from './enrolments.controller.js';
import { EnrolmentsService } from './enrolments.service.js';
import { HeldEnrolmentsController } from './held-enrolments.controller.js';
import { HeldEnrolments } from './held-enrolments.service.js';
import { StreamEnrolments } from './stream-enrolments.js';
import { UploadAnalysis } from './upload-analysis.js';
import { UploadEnrolment } from './upload-enrolment.js';
import { uploadLimits } from './upload-limits.js';
import { VoiceprintsController } from './voiceprints.controller.js';
import { VoiceprintsService } from './voiceprints.service.js';

@Module({
  imports: [
    PoliciesModule,
    TenantsModule,
    MulterModule.registerAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => uploadLimits(config, { fields: 4, fieldSize: 100 }),
    }),
  ],
  controllers: [EnrolmentsController, HeldEnrolmentsController, VoiceprintsController],
  providers: [
    CountRefusals,
    EnrolmentMetrics,
    EnrolmentsService,
    HeldEnrolments,
    StreamEnrolments,
    UploadAnalysis,
    UploadEnrolment,
    VoiceprintsService,
  ],
  exports: [StreamEnrolments, UploadAnalysis, VoiceprintsService],
})
export class VoiceprintsModule {}
