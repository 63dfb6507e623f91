import type { TenantId } from '../../../core/ids.js';
import type { StoredFact } from './fact.js';

/** What a reader does with facts of one tenant, in order. What it throws at comes again. */
export type FactHandler = (facts: readonly StoredFact[]) => void;

/** One reader of a feed, and how far it has come with tenants at whose facts it failed. */
export class FactReader {
  /** The last fact that it took, of tenants where the feed has gone on without it. */
  private readonly stuckAt = new Map<TenantId, number>();

  constructor(
    readonly name: string,
    private readonly handler: FactHandler,
  ) {}

  get stuck(): readonly (readonly [TenantId, number])[] {
    return [...this.stuckAt];
  }

  /** The next facts behind `after`. Throws what the handler throws, and knows then from where to go on. */
  take(tenantId: TenantId, after: number, facts: readonly StoredFact[]): void {
    if ((this.stuckAt.get(tenantId) ?? after) !== after) return;
    this.stuckAt.set(tenantId, after);
    this.handler(facts);
    this.stuckAt.delete(tenantId);
  }

  /** As take, of one that is stuck; the feed has come as far as `reached`. */
  retake(tenantId: TenantId, facts: readonly StoredFact[], reached: number): void {
    this.handler(facts);
    const last = facts.at(-1)?.seq ?? reached;
    if (last < reached) this.stuckAt.set(tenantId, last);
    else this.stuckAt.delete(tenantId);
  }
}
