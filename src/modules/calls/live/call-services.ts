import { Inject, Injectable } from '@nestjs/common';
import { CALL_RISK, type CallRisk } from '../../../core/calls/call-risk.port.js';
import type { Clock } from '../../../core/clock.js';
import { CALL_SCREENING, type CallScreening } from '../../../core/watchlist/call-screening.port.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { FactFeed } from '../../installation/facts/fact-feed.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { Interactions } from '../../people/customer-changes/interactions.service.js';
import { CustomersService } from '../../people/customers/customers.service.js';
import { OwnCallersMeasuring } from '../../people/own-callers/own-callers-measuring.js';
import { VoiceprintsService } from '../../people/voiceprints/voiceprints.service.js';
import { CallEventWriter } from '../call-log/call-event-writer.js';
import { CallTransfers } from '../transfers/call-transfers.js';
import { CallMetrics } from './call-metrics.js';
import { CallMigrations } from './call-migrations.js';
import { PendingWork } from './pending-work.js';

/** All that a live call uses beside itself. */
@Injectable()
export class CallServices {
  constructor(
    readonly database: Database,
    readonly writer: CallEventWriter,
    readonly audit: AuditWriter,
    readonly feed: FactFeed,
    readonly transfers: CallTransfers,
    readonly migrations: CallMigrations,
    readonly metrics: CallMetrics,
    readonly work: PendingWork,
    readonly customers: CustomersService,
    readonly interactions: Interactions,
    readonly voiceprints: VoiceprintsService,
    readonly ownCallers: OwnCallersMeasuring,
    readonly policies: PoliciesService,
    @Inject(CALL_RISK) readonly risk: CallRisk,
    @Inject(CALL_SCREENING) readonly watchlists: CallScreening,
    @Inject(ANALYSIS_ENGINE) readonly engine: AnalysisEngine,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(CONFIG) readonly config: Config,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}
}
