import { Module, type DynamicModule } from '@nestjs/common';
import { EngineModule } from './app/engine.module.js';
import { WatchlistSearchModule } from './app/watchlist-search.module.js';
import type { AnalysisEngine } from './engine/engine.port.js';
import type { WatchlistSearch } from './engine/watchlist/watchlist.port.js';
import { accountsEntities } from './modules/accounts/accounts.entities.js';
import { AccountsModule } from './modules/accounts/accounts.module.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { authEntities } from './modules/auth/auth.entities.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { callsEntities } from './modules/calls/calls.entities.js';
import { CallsModule } from './modules/calls/calls.module.js';
import { centresEntities } from './modules/centres/centres.entities.js';
import { CentresModule } from './modules/centres/centres.module.js';
import { consentsEntities } from './modules/consents/consents.entities.js';
import { ConsentsModule } from './modules/consents/consents.module.js';
import { customersEntities } from './modules/customers/customers.entities.js';
import { CustomersModule } from './modules/customers/customers.module.js';
import { erasureEntities } from './modules/erasure/erasure.entities.js';
import { ErasureModule } from './modules/erasure/erasure.module.js';
import { flagsEntities } from './modules/flags/flags.entities.js';
import { FlagsModule } from './modules/flags/flags.module.js';
import { KeysModule } from './modules/keys/keys.module.js';
import { LiveModule } from './modules/live/live.module.js';
import { policiesEntities } from './modules/policies/policies.entities.js';
import { modelsEntities } from './modules/models/models.entities.js';
import { ModelsModule } from './modules/models/models.module.js';
import { PoliciesModule } from './modules/policies/policies.module.js';
import { ProcessingRecordsModule } from './modules/processing-records/processing-records.module.js';
import { PublishedRetentionModule } from './modules/published-retention/published-retention.module.js';
import { requestsEntities } from './modules/requests/requests.entities.js';
import { RequestsModule } from './modules/requests/requests.module.js';
import { RetentionModule } from './modules/retention/retention.module.js';
import { selfServiceEntities } from './modules/self-service/self-service.entities.js';
import { SelfServiceModule } from './modules/self-service/self-service.module.js';
import { telephonyCredentialsEntities } from './modules/telephony-credentials/telephony-credentials.entities.js';
import { TelephonyCredentialsModule } from './modules/telephony-credentials/telephony-credentials.module.js';
import { tenantsEntities } from './modules/tenants/tenants.entities.js';
import { TenantsModule } from './modules/tenants/tenants.module.js';
import { voiceprintsEntities } from './modules/voiceprints/voiceprints.entities.js';
import { VoiceprintsModule } from './modules/voiceprints/voiceprints.module.js';
import { watchlistsEntities } from './modules/watchlists/watchlists.entities.js';
import { WatchlistsModule } from './modules/watchlists/watchlists.module.js';
import { PlatformModule, type PlatformParts } from './platform/platform.module.js';
import { WsModule } from './platform/ws/ws.module.js';
import { TelephonyModule } from './telephony/telephony.module.js';
import { WebModule } from './web/web.module.js';

/** Every row Timbre keeps. */
export const entities = [
  ...tenantsEntities,
  ...authEntities,
  ...telephonyCredentialsEntities,
  ...policiesEntities,
  ...customersEntities,
  ...consentsEntities,
  ...voiceprintsEntities,
  ...modelsEntities,
  ...centresEntities,
  ...callsEntities,
  ...accountsEntities,
  ...flagsEntities,
  ...watchlistsEntities,
  ...selfServiceEntities,
  ...erasureEntities,
  ...requestsEntities,
];

@Module({})
export class AppModule {
  static with(parts: PlatformParts, engine: AnalysisEngine, search: WatchlistSearch): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with(parts),
        EngineModule.with(engine),
        WatchlistSearchModule.with(search),
        WsModule,
        AuthModule,
        AuditModule,
        TenantsModule,
        TelephonyCredentialsModule,
        PoliciesModule,
        CustomersModule,
        ConsentsModule,
        VoiceprintsModule,
        WatchlistsModule,
        ModelsModule,
        CentresModule,
        RetentionModule,
        ProcessingRecordsModule,
        PublishedRetentionModule,
        ErasureModule,
        RequestsModule,
        KeysModule,
        CallsModule,
        AccountsModule,
        SelfServiceModule,
        FlagsModule,
        TelephonyModule,
        LiveModule,
        WebModule,
      ],
    };
  }
}
