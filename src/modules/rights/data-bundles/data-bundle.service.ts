import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../../core/clock.js';
import type { CustomerId, TenantId } from '../../../core/ids.js';
import type { TableUse } from '../../../core/privacy/data-map/data-map.types.js';
import type { LegalPack } from '../../../core/privacy/packs/pack.js';
import { packsFor } from '../../../core/privacy/packs/registry.js';
import {
  recordedActivities,
  retentionSettings,
  type Named,
  type RecordedActivity,
} from '../../../core/privacy/processing-record.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { CLOCK } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.service.js';
import { STORED_TABLES, type StoredTable } from '../../../platform/database/stored-table.js';
import { AuditWriter } from '../../installation/facts/audit-writer.js';
import { readLedgerRows, toEntries } from '../../people/consents/consent-ledger.js';
import { toConsentView } from '../../people/consents/consent-view.js';
import { readAskingNotices } from '../../people/consents/notice-store.js';
import { unknownCustomer } from '../../people/customers/customer-lock.js';
import { toCustomerView } from '../../people/customers/customer-view.js';
import { Customer } from '../../people/customers/customer.entity.js';
import { PoliciesService } from '../../installation/policies/policies.service.js';
import { Tenant } from '../../installation/tenants/tenant.entity.js';
import {
  heldEnrolments,
  pendingEnrolment,
  toStatusView,
} from '../../people/voiceprints/voiceprint-status.js';
import { Voiceprint } from '../../people/voiceprints/voiceprint.entity.js';
import { bundleCalls } from './bundle-calls.js';
import {
  bundleAccountEvents,
  bundleFlags,
  bundleObjections,
  bundleRequests,
  bundleUses,
} from './bundle-rows.js';
import { howResultsComeAbout, leftOutOfBundle, type DataBundle } from './data-bundle.js';

/** Gathers what is held of a person, as of one moment. Whoever hands it out knows that it goes to that person, and records it. */
@Injectable()
export class DataBundleService {
  constructor(
    private readonly database: Database,
    private readonly policies: PoliciesService,
    private readonly audit: AuditWriter,
    @Inject(STORED_TABLES) private readonly tables: readonly StoredTable[],
    @Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws customer-not-found. */
  async bundle(tenantId: TenantId, customerId: CustomerId): Promise<DataBundle> {
    const policy = await this.policies.current(tenantId);
    const { privacy, controllerDetails } = policy;
    // What calls did a moment ago belongs to it.
    await this.audit.flushed();
    return this.database.forTenant(tenantId, async (em) => {
      // The shared lock: consent, voiceprint and requests are of one moment.
      const lock = { mode: 'pessimistic_read' } as const;
      const customer = (await em.findOne(Customer, { where: { customerId }, lock })) ?? unknownCustomer();
      const nowMs = this.clock.nowMs();
      const { name } = await em.findOneByOrFail(Tenant, { tenantId });
      const { controller, dataProtectionOfficer, recipients, transfers } = controllerDetails;
      const laws = packsFor(customer.residence, privacy.packs, privacy.everywhere);
      const voiceprints = await em.find(Voiceprint, { where: { customerId }, order: { createdAt: 'ASC' } });
      const consents = await readLedgerRows(em, customerId);
      const entries = toEntries(consents, await readAskingNotices(em));
      return {
        format: 'timbre-data-bundle',
        version: 1,
        at: new Date(nowMs).toISOString(),
        business: { name, controller, dataProtectionOfficer, recipients, transfers },
        laws: laws.map(({ packId, name: title, citation }) => ({ packId, name: title, citation })),
        customer: toCustomerView(customer),
        voiceprints: voiceprints.map((row) => toStatusView(row, this.engine.models, nowMs)),
        pendingEnrolment: (await pendingEnrolment(em, customerId, this.engine.model.id, nowMs)) ?? null,
        heldEnrolments: await heldEnrolments(em, customerId, nowMs),
        consents: consents
          .filter(({ kind }) => kind === 'granted')
          .map((row) => toConsentView(row, consents, entries, nowMs)),
        objections: await bundleObjections(em, customerId),
        calls: await bundleCalls(em, customerId),
        accountEvents: await bundleAccountEvents(em, customerId),
        flags: await bundleFlags(em, customerId),
        requests: await bundleRequests(em, customerId),
        uses: await bundleUses(em, tenantId, customerId),
        purposes: purposesUnder(this.tables, laws, retentionSettings(policy)),
        logic: howResultsComeAbout,
        leftOut: leftOutOfBundle,
      };
    });
  }
}

/** Of the activities those about customers, with the grounds of the laws that protect this one; without any, all there are. */
function purposesUnder(
  tables: readonly TableUse[],
  laws: readonly LegalPack[],
  settings: Readonly<Record<string, number>>,
): RecordedActivity[] {
  const names: readonly string[] = laws.map(({ packId }) => packId.toUpperCase());
  return recordedActivities(tables)
    .filter(({ people }) => people.some((who) => who.includes('customers') || who === 'callers'))
    .map((activity) => ({ ...activity, retention: activity.retention.map((rule) => inDays(rule, settings)) }))
    .map((activity) => {
      const grounds = activity.legalBases.filter(({ law }) => names.includes(law));
      return grounds.length === 0 ? activity : { ...activity, legalBases: grounds };
    });
}

/** Whoever reads a bundle has no policy to look a name up in. */
function inDays({ id, text }: Named, settings: Readonly<Record<string, number>>): Named {
  const filled = text.replace(/\b\w+\.\w+\b/g, (name) =>
    settings[name] === undefined ? name : `${settings[name]} days (${name})`,
  );
  return { id, text: filled };
}
