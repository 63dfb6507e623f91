import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import {
  processingRecord,
  retentionSettings,
  type ProcessingRecord,
} from '../../../core/privacy/processing-record.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { dataMapOf, STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { dataMapView, type DataMapView } from './data-map-view.js';
import { storedColumns } from './stored-columns.js';

/** What the business does with personal data, for its privacy officer and the authority. */
@Injectable()
export class ProcessingRecordsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(STORED_TABLES) private readonly tables: readonly StoredTable[],
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async dataMap(tenantId: TenantId): Promise<DataMapView> {
    return dataMapView(dataMapOf(this.tables), await this.database.forTenant(tenantId, storedColumns));
  }

  async record(tenantId: TenantId): Promise<ProcessingRecord> {
    const policy = await this.policies.current(tenantId);
    return processingRecord(this.tables, policy.controllerDetails, {
      at: new Date(this.clock.nowMs()).toISOString(),
      policyVersion: policy.version,
      retentionSettings: retentionSettings(policy),
    });
  }
}
