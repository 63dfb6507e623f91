import type { DataSource, EntityManager } from 'typeorm';
import type { TenantId } from '../../core/ids.js';

/** A process that stops in mid-transaction must not keep others from what it has locked. */
const stalledMs = 10_000;

/** The only way to the tables: a transaction that sees one tenant's rows, or the list of tenants. */
export class Database {
  private readonly source: DataSource;

  constructor(source: DataSource) {
    this.source = source;
  }

  /** A transaction in which row-level security shows and takes this tenant's rows only. */
  forTenant<T>(tenantId: TenantId, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.within(tenantId, work);
  }

  /** The same, of one moment: what others change meanwhile is not seen. For reading much at once. */
  snapshot<T>(tenantId: TenantId, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.source.transaction('REPEATABLE READ', (em) => within(em, tenantId, work));
  }

  async listTenants(): Promise<TenantId[]> {
    const rows = await this.within('*', (em) =>
      em.query<{ tenant_id: TenantId }[]>('SELECT tenant_id FROM tenants ORDER BY created_at, tenant_id'),
    );
    return rows.map((row) => row.tenant_id);
  }

  /** A transaction that sees no tenant's rows, only what is published to everybody. */
  forEverybody<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.within('*', work);
  }

  /** Rejects when the database cannot be asked. */
  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }

  private within<T>(scope: string, work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.source.transaction((em) => within(em, scope, work));
  }
}

async function within<T>(
  em: EntityManager,
  scope: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  // Local to the transaction: the pooled connection forgets it at the end, and a pooler in between has nothing to take away.
  await em.query(
    `SELECT set_config('timbre.tenant_id', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`,
    [scope, stalledMs],
  );
  return work(em);
}
