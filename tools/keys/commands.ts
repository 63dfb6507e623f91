import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sealedRows } from '../../src/app/sealed-rows.js';
import type { TenantId } from '../../src/core/ids.js';
import { KeyRenewal, total } from '../../src/modules/installation/keys/key-renewal.js';
import { MasterRotation } from '../../src/modules/installation/keys/master-rotation.js';
import { TenantRotation } from '../../src/modules/installation/keys/tenant-rotation.js';
import { TenantKeys } from '../../src/modules/installation/tenants/tenant-keys.service.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { systemClock } from '../../src/platform/clock.js';
import { readMasterKeys, writeMasterKeys } from '../../src/platform/config/master-keys.js';
import type { KeyShares } from '../../src/platform/crypto/key-shares.port.js';
import type { KeyVault } from '../../src/platform/crypto/key-vault.port.js';
import { masterKeyId } from '../../src/platform/crypto/local-key-vault.js';
import type { Database } from '../../src/platform/database/database.service.js';
import type { FactFeed } from '../../src/modules/installation/facts/fact-feed.js';

export interface Parts {
  readonly database: Database;
  readonly vault: KeyVault;
  readonly shares: KeyShares;
  readonly feed: FactFeed;
}

type Print = (line: string) => void;

export class KeyCommands {
  private readonly master: MasterRotation;
  private readonly tenant: TenantRotation;
  private readonly tenants: TenantsService;
  private readonly keys: TenantKeys;

  constructor(
    private readonly parts: Parts,
    private readonly print: Print,
  ) {
    const { database, vault, shares, feed } = parts;
    this.keys = new TenantKeys(database, vault, shares, feed);
    // A rotation that another process begins or ends while this one works is heard of.
    this.keys.onModuleInit();
    const renewal = new KeyRenewal(database, this.keys, sealedRows, shares, systemClock);
    this.tenant = new TenantRotation(database, renewal, vault, systemClock);
    this.master = new MasterRotation(database, vault, systemClock);
    this.tenants = new TenantsService(database, vault, systemClock);
  }

  close(): void {
    this.keys.onModuleDestroy();
  }

  /** True when nothing is outstanding. */
  async status(): Promise<boolean> {
    const { keyId } = this.parts.vault;
    this.print(`master key in use: ${keyId}`);
    let settled = true;
    for (const tenantId of await this.parts.database.listTenants()) {
      const { tenantKeyVersion, state, masterKeyId: by, outstanding } = await this.tenant.state(tenantId);
      const counts = Object.entries(outstanding).map(([name, count]) => `${count} ${inWords(name)}`);
      settled &&= total(outstanding) === 0 && state === 'settled';
      this.print(
        `${tenantId}: key ${tenantKeyVersion}, ${state}, wrapped by ${by ?? 'a master key that was not noted'}; to be sealed anew: ` +
          counts.join(', '),
      );
    }
    this.print(
      (await this.onlyCurrent())
        ? 'No tenant needs an earlier master key: it may be taken away.'
        : 'Earlier master keys are still needed: run timbre-keys rotate-master.',
    );
    return settled;
  }

  async rotateTenant(tenant: string): Promise<boolean> {
    const tenantId = await this.find(tenant);
    const begun = await this.tenant.begin(tenantId, null);
    this.print(begun === 'begun' ? 'a new key is in use' : 'a rotation was under way: going on with it');
    let renewed = 0;
    for (let waitedMs = 0; ; waitedMs += 500) {
      const state = await this.tenant.advance(tenantId, (count) => {
        renewed += count;
        if (count > 0) this.print(`${renewed} sealed anew`);
        return true;
      });
      if (state === 'settled') break;
      // Customers who were being dealt with just then, and calls on their way to another process.
      if (waitedMs >= 90_000) return false;
      await pause(500);
    }
    this.print('done: the old key is gone');
    return true;
  }

  async rotateMaster(newKeyIn: string | undefined): Promise<void> {
    if (newKeyIn !== undefined) {
      const { current, previous } = readMasterKeys(newKeyIn);
      writeMasterKeys(newKeyIn, { current: randomBytes(32), previous: [current, ...previous] });
      this.parts.vault.refresh();
    }
    this.print(`wrapping by ${this.parts.vault.keyId}`);
    await this.master.rotate((done, of) => {
      if (done === of || done % 100 === 0) this.print(`${done} of ${of} tenants`);
    });
    this.print('done: earlier master keys may be taken away (a key file: timbre-keys forget-previous)');
  }

  async forgetPrevious(path: string): Promise<boolean> {
    if (!(await this.onlyCurrent())) {
      this.print('Earlier master keys are still needed: run timbre-keys rotate-master first.');
      return false;
    }
    const { current, previous } = readMasterKeys(path);
    if (masterKeyId(current) !== this.parts.vault.keyId) throw new Error(`${path} was changed meanwhile`);
    writeMasterKeys(path, { current, previous: [] });
    await this.master.tellForgotten();
    this.print(`${previous.length} forgotten: what they wrapped in backups opens no more`);
    return true;
  }

  private async onlyCurrent(): Promise<boolean> {
    return [...(await this.master.inUse()).keys()].every((id) => id === this.parts.vault.keyId);
  }

  private async find(tenant: string): Promise<TenantId> {
    const ids = await this.parts.database.listTenants();
    const found = ids.find((id) => id === tenant) ?? (await this.tenants.findByName(tenant));
    if (found === undefined) throw new Error(`There is no tenant ${tenant}`);
    return found;
  }
}

/** `watchlistEntries` as it is read. */
function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
