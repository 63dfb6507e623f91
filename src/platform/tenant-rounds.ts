import type { TenantId } from '../core/ids.js';
import { RepeatedWork } from './repeated-work.js';

interface Tenants {
  listTenants(): Promise<readonly TenantId[]>;
}

/** One tenant after the other; the failure of one never takes another's turn. Says whether all had theirs. */
export async function eachTenant(
  tenants: Tenants,
  look: (tenantId: TenantId) => Promise<void>,
  failed: (error: unknown, tenantId: TenantId) => void,
  isStopping: () => boolean = () => false,
): Promise<boolean> {
  for (const tenantId of await tenants.listTenants()) {
    if (isStopping()) return false;
    try {
      await look(tenantId);
    } catch (error) {
      failed(error, tenantId);
    }
  }
  return !isStopping();
}

export interface Round<Sum> {
  readonly begin: () => Sum;
  readonly look: (tenantId: TenantId, sum: Sum) => Promise<void>;
  /** Of one tenant; undefined: the whole round could not be made. The next one tries again. */
  readonly failed: (error: unknown, tenantId: TenantId | undefined, sum: Sum | undefined) => void;
  /** After a round that shutdown did not cut short. */
  readonly end?: (sum: Sum) => void;
}

/** A round of all tenants when Timbre starts and at every interval: what every sweeper does, in one loop. */
export class TenantRounds<Sum> {
  private readonly work: RepeatedWork<Sum>;

  constructor(tenants: Tenants, round: Round<Sum>) {
    const goRound = async (): Promise<Sum> => {
      const sum = round.begin();
      const isWhole = await eachTenant(
        tenants,
        (tenantId) => round.look(tenantId, sum),
        (error, tenantId) => {
          round.failed(error, tenantId, sum);
        },
        () => this.work.isStopping,
      );
      if (isWhole) round.end?.(sum);
      return sum;
    };
    this.work = new RepeatedWork(goRound, (error) => {
      round.failed(error, undefined, undefined);
    });
  }

  /** True at shutdown: a look that takes long asks between its steps and leaves the rest. */
  get isStopping(): boolean {
    return this.work.isStopping;
  }

  start(everyMs: number): void {
    this.work.start(everyMs);
  }

  /** One round, now; after the one that is being made. */
  now(): Promise<Sum> {
    return this.work.now();
  }

  stop(): Promise<void> {
    return this.work.stop();
  }
}
