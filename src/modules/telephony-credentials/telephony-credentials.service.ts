import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { TenantId } from '../../core/ids.js';
import type { TwilioCredential, TwilioCredentials } from '../../platform/auth/twilio-credentials.port.js';
import { Database } from '../../platform/database/database.service.js';
import { EVENT_BUS, type BusMessage, type EventBus } from '../../platform/event-bus/event-bus.port.js';
import { LOGGER, type Logger } from '../../platform/logging/logger.js';
import { CredentialStore, type CredentialSummary } from './credential-store.js';

/** Telephony credentials; all active ones are kept in memory, so that an upgrade waits for no database but the first time. */
@Injectable()
export class TelephonyCredentialsService implements TwilioCredentials, OnModuleInit, OnModuleDestroy {
  readonly #ofTenant = new Map<TenantId, Promise<readonly TwilioCredential[]>>();
  #tenants: Promise<readonly TenantId[]> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: CredentialStore,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.#unsubscribe = this.bus.subscribe((message) => {
      this.#hear(message);
    });
  }

  onModuleDestroy(): void {
    this.#unsubscribe?.();
  }

  /** A second one for the same account is fine: that is how a token is rotated without losing calls. */
  async add(tenantId: TenantId, accountSid: string, authToken: string): Promise<CredentialSummary> {
    const added = await this.store.add(tenantId, accountSid, authToken);
    await this.#changed(tenantId);
    return added;
  }

  list(tenantId: TenantId): Promise<CredentialSummary[]> {
    return this.store.list(tenantId);
  }

  /** False when there is no such credential, or it has been revoked already. */
  async revoke(tenantId: TenantId, credentialId: string): Promise<boolean> {
    const revoked = await this.store.revoke(tenantId, credentialId);
    if (revoked) await this.#changed(tenantId);
    return revoked;
  }

  async active(): Promise<readonly TwilioCredential[]> {
    const tenants = (this.#tenants ??= this.database.listTenants());
    // A failure is not kept: the next upgrade tries again.
    tenants.catch(() => (this.#tenants = undefined));
    const lists = await Promise.all((await tenants).map((tenantId) => this.#load(tenantId)));
    return lists.flat();
  }

  async #load(tenantId: TenantId): Promise<readonly TwilioCredential[]> {
    const loading = this.#ofTenant.get(tenantId) ?? this.#read(tenantId);
    this.#ofTenant.set(tenantId, loading);
    try {
      return await loading;
    } catch (error) {
      // One tenant's trouble (a key that does not open) must not cost the others their calls.
      this.logger.error({ err: error, tenantId }, 'telephony credentials could not be read');
      if (this.#ofTenant.get(tenantId) === loading) this.#ofTenant.delete(tenantId);
      return [];
    }
  }

  async #read(tenantId: TenantId): Promise<readonly TwilioCredential[]> {
    const opened = await this.store.secrets(tenantId);
    return opened.map(({ credentialId, accountSid, secret }) => ({
      credentialId,
      tenantId,
      accountSid,
      authToken: secret,
    }));
  }

  /** At once here, so that the answer to the request is true; soon on every other process. */
  async #changed(tenantId: TenantId): Promise<void> {
    this.#forget(tenantId);
    await this.bus.publish({ kind: 'credentials-changed', tenantId });
  }

  #hear(message: BusMessage): void {
    if (message.kind === 'credentials-changed') this.#forget(message.tenantId);
    if (message.kind === 'resync') {
      this.#tenants = undefined;
      this.#ofTenant.clear();
    }
  }

  #forget(tenantId: TenantId): void {
    // The tenant may be a new one.
    this.#tenants = undefined;
    this.#ofTenant.delete(tenantId);
  }
}
