import { Module, type DynamicModule } from '@nestjs/common';
import { EngineModule } from './app/engine.module.js';
import { FraudOfCallsModule } from './app/fraud-of-calls.module.js';
import { sealedRows } from './app/sealed-rows.js';
import { StoredTablesModule } from './app/stored-tables.module.js';
import { WatchlistSearchModule } from './app/watchlist-search.module.js';
import type { AnalysisEngine } from './engine/engine.port.js';
import type { WatchlistSearch } from './engine/watchlist/watchlist.port.js';
import { accountsEntities } from './modules/fraud/accounts/accounts.entities.js';
import { AccountsModule } from './modules/fraud/accounts/accounts.module.js';
import { AuditModule } from './modules/installation/facts/audit.module.js';
import { tokensEntities } from './modules/installation/tokens/tokens.entities.js';
import { TokensModule } from './modules/installation/tokens/tokens.module.js';
import { callsEntities } from './modules/calls/call-log/calls.entities.js';
import { CallTransfer } from './modules/calls/transfers/call-transfer.entity.js';
import { CallsModule } from './modules/calls/live/calls.module.js';
import { accuracyEntities } from './modules/installation/accuracy/accuracy.entities.js';
import { AccuracyModule } from './modules/installation/accuracy/accuracy.module.js';
import { meanVoicesEntities } from './modules/installation/mean-voices/mean-voices.entities.js';
import { MeanVoicesModule } from './modules/installation/mean-voices/mean-voices.module.js';
import { consentsEntities } from './modules/people/consents/consents.entities.js';
import { ConsentsModule } from './modules/people/consents/consents.module.js';
import { CustomerChangesModule } from './modules/people/customer-changes/customer-changes.module.js';
import { CustomerFileModule } from './modules/people/customer-file/customer-file.module.js';
import { customersEntities } from './modules/people/customers/customers.entities.js';
import { CustomersModule } from './modules/people/customers/customers.module.js';
import { erasureEntities } from './modules/rights/erasure/erasure.entities.js';
import { DataBundlesModule } from './modules/rights/data-bundles/data-bundles.module.js';
import { ErasureModule } from './modules/rights/erasure/erasure.module.js';
import { flagsEntities } from './modules/fraud/flags/flags.entities.js';
import { FlagFileModule } from './modules/fraud/flag-file/flag-file.module.js';
import { FlagsModule } from './modules/fraud/flags/flags.module.js';
import { KeysModule } from './modules/installation/keys/keys.module.js';
import { LiveModule } from './modules/calls/feed/live.module.js';
import { policiesEntities } from './modules/installation/policies/policies.entities.js';
import { modelsEntities } from './modules/installation/models/models.entities.js';
import { LedgersModule } from './modules/rights/ledgers/ledgers.module.js';
import { LegalHoldsModule } from './modules/people/legal-holds/legal-holds.module.js';
import { ModelChangeModule } from './modules/people/model-change/model-change.module.js';
import { PoliciesModule } from './modules/installation/policies/policies.module.js';
import { ProcessingRecordsModule } from './modules/rights/processing-records/processing-records.module.js';
import { PublishedRetentionModule } from './modules/rights/published-retention/published-retention.module.js';
import { requestsEntities } from './modules/rights/requests/requests.entities.js';
import { RequestsModule } from './modules/rights/requests/requests.module.js';
import { RetentionModule } from './modules/rights/retention/retention.module.js';
import { selfServiceEntities } from './modules/rights/self-service/self-service.entities.js';
import { SelfServiceModule } from './modules/rights/self-service/self-service.module.js';
import { telephonyCredentialsEntities } from './modules/installation/credentials/telephony-credentials.entities.js';
import { TelephonyCredentialsModule } from './modules/installation/credentials/telephony-credentials.module.js';
import { tenantsEntities } from './modules/installation/tenants/tenants.entities.js';
import { TenantsModule } from './modules/installation/tenants/tenants.module.js';
import { voiceprintsEntities } from './modules/people/voiceprints/voiceprints.entities.js';
import { VoiceprintsModule } from './modules/people/voiceprints/voiceprints.module.js';
import { WithdrawalsModule } from './modules/people/withdrawals/withdrawals.module.js';
import { watchlistsEntities } from './modules/fraud/watchlists/watchlists.entities.js';
import { WatchlistsModule } from './modules/fraud/watchlists/watchlists.module.js';
import { PlatformModule, type PlatformParts } from './platform/platform.module.js';
import { WsModule } from './platform/ws/ws.module.js';
import { TelephonyModule } from './telephony/telephony.module.js';
import { WebModule } from './web/web.module.js';

/** Every row Timbre keeps. */
export const entities = [
  ...tenantsEntities,
  ...tokensEntities,
  ...telephonyCredentialsEntities,
  ...policiesEntities,
  ...customersEntities,
  ...consentsEntities,
  ...voiceprintsEntities,
  ...modelsEntities,
  ...meanVoicesEntities,
  ...accuracyEntities,
  ...callsEntities,
  CallTransfer,
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
        StoredTablesModule,
        WsModule,
        TokensModule,
        AuditModule,
        TenantsModule,
        TelephonyCredentialsModule,
        PoliciesModule,
        CustomersModule,
        CustomerChangesModule,
        CustomerFileModule,
        ConsentsModule,
        VoiceprintsModule,
        WithdrawalsModule,
        WatchlistsModule,
        ModelChangeModule,
        MeanVoicesModule,
        AccuracyModule,
        LegalHoldsModule,
        RetentionModule,
        LedgersModule,
        ProcessingRecordsModule,
        PublishedRetentionModule,
        ErasureModule,
        RequestsModule,
        DataBundlesModule,
        KeysModule.with(sealedRows),
        FraudOfCallsModule,
        CallsModule,
        AccountsModule,
        SelfServiceModule,
        FlagsModule,
        FlagFileModule,
        TelephonyModule,
        LiveModule,
        WebModule,
      ],
    };
  }
}
