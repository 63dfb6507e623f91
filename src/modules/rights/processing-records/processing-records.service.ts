import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { TenantId } from '../../../core/ids.js';
import { dataMap } from '../../../core/privacy/data-map/data-map.js';
import {
  processingRecord,
  retentionSettings,
  type ProcessingRecord,
} from '../../../core/privacy/processing-record.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { dataMapView, type DataMapView } from './data-map-view.js';
import { storedColumns } from './stored-columns.js';

/** What the business does with personal data, for its privacy officer and the authority. */
@Injectable()
export class ProcessingRecordsService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async dataMap(tenantId: TenantId): Promise<DataMapView> {
    return dataMapView(await this.database.forTenant(tenantId, storedColumns));
  }

  async record(tenantId: TenantId): Promise<ProcessingRecord> {
    const policy = await this.policies.current(tenantId);
    return processingRecord(dataMap, policy.controllerDetails, {
      at: new Date(this.clock.nowMs()).toISOString(),
      policyVersion: policy.version,
      retentionSettings: retentionSettings(policy),
    });
  }
}
