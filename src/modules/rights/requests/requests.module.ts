import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import type { TenantId } from '../../../core/ids.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { eachTenant } from '../../../platform/tenant-rounds.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { Corrections } from './corrections.js';
import { CustomerRequestsController } from './customer-requests.controller.js';
import { GpcController } from './gpc.controller.js';
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
  imports: [ErasureModule, PoliciesModule],
  controllers: [RequestsController, CustomerRequestsController, ObjectionsController, GpcController],
  providers: [
    Corrections,
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
export class RequestsModule implements OnApplicationBootstrap {
  constructor(
    private readonly answers: RequestAnswers,
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown, tenantId?: TenantId): void => {
      this.logger.error({ err: error, tenantId }, 'objections begun before could not be carried out');
    };
    eachTenant(this.database, (tenantId) => this.answers.finishObjections(tenantId), failed).catch(failed);
  }
}
