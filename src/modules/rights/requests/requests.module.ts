import { Module } from '@nestjs/common';
import { ConsentsModule } from '../../people/consents/consents.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { CorrectionWatch } from './correction-watch.js';
import { CustomerRequestsController } from './customer-requests.controller.js';
import { GpcController } from './gpc.controller.js';
import { ObjectionEffects } from './objection-effects.js';
import { ObjectionsController } from './objections.controller.js';
import { ObjectionsService } from './objections.service.js';
import { OptOutSignalService } from './opt-out-signal.service.js';
import { RequestAnswers } from './request-answers.js';
import { RequestIntake } from './request-intake.js';
import { RequestMetrics } from './request-metrics.js';
import { RequestReminders } from './request-reminders.js';
import { RequestsController } from './requests.controller.js';
import { RequestsService } from './requests.service.js';

@Module({
  imports: [ConsentsModule, ErasureModule, PoliciesModule],
  controllers: [RequestsController, CustomerRequestsController, ObjectionsController, GpcController],
  providers: [
    CorrectionWatch,
    ObjectionEffects,
    ObjectionsService,
    OptOutSignalService,
    RequestAnswers,
    RequestIntake,
    RequestMetrics,
    RequestReminders,
    RequestsService,
  ],
  exports: [ObjectionsService, OptOutSignalService, RequestReminders, RequestsService],
})
export class RequestsModule {}
