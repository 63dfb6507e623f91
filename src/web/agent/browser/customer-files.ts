import type { Api } from './api.js';

export interface CustomerFile {
  /** The center's own reference: what the agent's other windows call the customer. */
  readonly accountRef: string | null;
  /** The consent to the voice check in force, so that it can be withdrawn; null when there is none. */
  readonly consentId: string | null;
}

/** What the page knows of the customers of chosen calls. In memory only, and asked again when a call says that it changed. */
export class CustomerFiles {
  private readonly files = new Map<string, CustomerFile>();
  private readonly versions = new Map<string, string>();
  private readonly changed: () => void;
  private api: Api | null = null;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  useApi(api: Api | null): void {
    this.api = api;
    this.files.clear();
    this.versions.clear();
  }

  of(customerId: string): CustomerFile | undefined {
    return this.files.get(customerId);
  }

  name(customerId: string): string {
    return this.files.get(customerId)?.accountRef ?? customerId.slice(0, 8);
  }

  /** Loads the file unless this version of it was asked for already. */
  refresh(customerId: string, version: string): void {
    if (this.versions.get(customerId) === version) return;
    this.versions.set(customerId, version);
    void this.load(customerId, version);
  }

  private async load(customerId: string, version: string): Promise<void> {
    const api = this.api;
    if (api === null) return;
    const [customer, ledger] = await Promise.all([api.customer(customerId), api.consents(customerId)]);
    if (api !== this.api || this.versions.get(customerId) !== version) return;
    const granted =
      ledger.kind === 'done' ? ledger.body.consents.filter(({ state }) => state === 'granted') : [];
    const standing = granted.findLast(({ standingPurposes }) => standingPurposes.includes('verification'));
    this.files.set(customerId, {
      accountRef: customer.kind === 'done' ? customer.body.accountRef : null,
      consentId: standing?.consentId ?? null,
    });
    this.changed();
  }
}
