import { Module } from '@nestjs/common';
import { ConsentsModule } from '../../people/consents/consents.module.js';
import { CustomerChangesModule } from '../../people/customer-changes/customer-changes.module.js';
import { DataBundlesModule } from '../data-bundles/data-bundles.module.js';
import { ErasureModule } from '../erasure/erasure.module.js';
import { PoliciesModule } from '../../installation/policies/policies.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { TenantsModule } from '../../installation/tenants/tenants.module.js';
import { VoiceprintsModule } from '../../people/voiceprints/voiceprints.module.js';
import { WithdrawalsModule } from '../../people/withdrawals/withdrawals.module.js';
import { EnrolmentGateway } from './enrolment.gateway.js';
import { LinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { MeController } from './me.controller.js';
import { MyDataService } from './my-data.service.js';
import { MyRightsController } from './my-rights.controller.js';
import { MyRightsService } from './my-rights.service.js';
import { SelfServiceSweeper } from './self-service-sweeper.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsService } from './sessions.service.js';

@Module({
  imports: [
    ConsentsModule,
    CustomerChangesModule,
    DataBundlesModule,
    ErasureModule,
    RequestsModule,
    PoliciesModule,
    TenantsModule,
    VoiceprintsModule,
    WithdrawalsModule,
  ],
  controllers: [LinksController, SessionsController, MeController, MyRightsController],
  providers: [
    EnrolmentGateway,
    LinksService,
    SessionsService,
    MyDataService,
    MyRightsService,
    SelfServiceSweeper,
  ],
})
export class SelfServiceModule {}
