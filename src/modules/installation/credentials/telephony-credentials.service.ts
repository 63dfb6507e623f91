import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import type { TenantId, TokenId } from '../../../core/ids.js';
import type {
  AudiohookCredential,
  AudiohookCredentials,
} from '../../../platform/auth/audiohook-credentials.port.js';
import type {
  KinesisCredential,
  KinesisCredentials,
} from '../../../platform/auth/kinesis-credentials.port.js';
import type { TwilioCredential, TwilioCredentials } from '../../../platform/auth/twilio-credentials.port.js';
import { Database } from '../../../platform/database/database.service.js';
import { LOGGER, type Logger } from '../../../platform/logging/logger.js';
import { FactFeed } from '../facts/fact-feed.js';
import { CredentialStore, type OpenedCredential } from './credential-store.js';
import type { CredentialSummary, NewCredential } from './credential.js';

interface KnownCredential extends OpenedCredential {
  readonly tenantId: TenantId;
}

/** Telephony credentials; all active ones are kept in memory, so that an upgrade waits for no database but the first time. */
@Injectable()
export class TelephonyCredentialsService
  implements TwilioCredentials, AudiohookCredentials, KinesisCredentials, OnModuleInit, OnModuleDestroy
{
  private readonly ofTenant = new Map<TenantId, Promise<readonly KnownCredential[]>>();
  private tenants: Promise<readonly TenantId[]> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly store: CredentialStore,
    private readonly feed: FactFeed,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.feed.subscribe('telephony credentials', (facts) => {
      for (const { action, tenantId } of facts)
        if (action === 'telephony-credential-added' || action === 'telephony-credential-revoked')
          this.forget(tenantId);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
  }

  /**
   * A second one for the same account is fine: that is how a secret is rotated without losing calls. Undefined when another
   * tenant holds this API key.
   */
  async add(
    tenantId: TenantId,
    credential: NewCredential,
    by: TokenId | null = null,
  ): Promise<CredentialSummary | undefined> {
    const added = await this.store.add(tenantId, credential, by);
    // At once here, so that the answer to the request is true; soon on every other process.
    if (added) this.forget(tenantId);
    return added;
  }

  list(tenantId: TenantId): Promise<CredentialSummary[]> {
    return this.store.list(tenantId);
  }

  /** False when there is no such credential, or it has been revoked already. */
  async revoke(tenantId: TenantId, credentialId: string, by: TokenId | null = null): Promise<boolean> {
    const revoked = await this.store.revoke(tenantId, credentialId, by);
    if (revoked) this.forget(tenantId);
    return revoked;
  }

  async active(): Promise<readonly TwilioCredential[]> {
    const known = await this.all();
    return known.flatMap(({ protocol, credentialId, tenantId, externalId, secret }) =>
      protocol === 'twilio' ? [{ credentialId, tenantId, accountSid: externalId, authToken: secret }] : [],
    );
  }

  async ofKey(apiKey: string): Promise<readonly AudiohookCredential[]> {
    const known = await this.all();
    return known.flatMap(({ protocol, credentialId, tenantId, externalId, secret }) =>
      protocol === 'audiohook' && externalId === apiKey
        ? [{ credentialId, tenantId, apiKey, clientSecret: secret }]
        : [],
    );
  }

  async ofId(credentialId: string): Promise<KinesisCredential | undefined> {
    const known = await this.all();
    const found = known.find((one) => one.protocol === 'kinesis' && one.credentialId === credentialId);
    return (
      found && { credentialId, tenantId: found.tenantId, roleArn: found.externalId, secret: found.secret }
    );
  }

  private async all(): Promise<readonly KnownCredential[]> {
    const tenants = (this.tenants ??= this.database.listTenants());
    // A failure is not kept: the next upgrade tries again.
    tenants.catch(() => (this.tenants = undefined));
    const lists = await Promise.all((await tenants).map((tenantId) => this.load(tenantId)));
    return lists.flat();
  }

  private async load(tenantId: TenantId): Promise<readonly KnownCredential[]> {
    const loading = this.ofTenant.get(tenantId) ?? this.read(tenantId);
    this.ofTenant.set(tenantId, loading);
    try {
      return await loading;
    } catch (error) {
      // One tenant's trouble (a key that does not open) must not cost the others their calls.
      this.logger.error({ err: error, tenantId }, 'telephony credentials could not be read');
      if (this.ofTenant.get(tenantId) === loading) this.ofTenant.delete(tenantId);
      return [];
    }
  }

  private async read(tenantId: TenantId): Promise<readonly KnownCredential[]> {
    return (await this.store.secrets(tenantId)).map((opened) => ({ ...opened, tenantId }));
  }

  private forget(tenantId: TenantId): void {
    // The tenant may be a new one.
    this.tenants = undefined;
    this.ofTenant.delete(tenantId);
  }
}
