import { Module } from '@nestjs/common';
import { MulterModule } from '@nestjs/platform-express';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { CountRefusals } from './count-refusals.interceptor.js';
import { EnrolmentMetrics } from './enrolment-metrics.js';
import { EnrolmentsController } from './enrolments.controller.js';
import { EnrolmentsService } from './enrolments.service.js';
import { StreamEnrolments } from './stream-enrolments.js';
import { UploadAnalysis } from './upload-analysis.js';
import { UploadEnrolment } from './upload-enrolment.js';
import { VoiceprintsController } from './voiceprints.controller.js';
import { VoiceprintsService } from './voiceprints.service.js';

/** The densest audio taken: 48 kHz, two channels, 16 bits; and room for a WAV header with its notes. */
const bytesPerSecond = 48_000 * 2 * 2;
const headerBytes = 65_536;

@Module({
  imports: [
    PoliciesModule,
    TenantsModule,
    // Without a storage Multer keeps the file in memory: audio never touches a disk.
    MulterModule.registerAsync({
      inject: [CONFIG],
      useFactory: ({ maxUploadSeconds }: Config) => ({
        limits: {
          fileSize: maxUploadSeconds * bytesPerSecond + headerBytes,
          files: 1,
          fields: 4,
          fieldSize: 100,
        },
      }),
    }),
  ],
  controllers: [EnrolmentsController, VoiceprintsController],
  providers: [
    CountRefusals,
    EnrolmentMetrics,
    EnrolmentsService,
    StreamEnrolments,
    UploadAnalysis,
    UploadEnrolment,
    VoiceprintsService,
  ],
  exports: [StreamEnrolments, UploadAnalysis, VoiceprintsService],
})
export class VoiceprintsModule {}
