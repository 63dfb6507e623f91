import type { ClientBase } from 'pg';

/** A migration of a large table takes minutes; whoever waits longer than this has found one that hangs. */
const longestWaitSeconds = 300;

/**
 * Begins a transaction and takes an advisory lock that ends with it. A session's lock would outlive its client behind a pooler
 * in transaction mode, which lends the session to others; and nobody waits for it without limit.
 */
export async function lockForTransaction(client: ClientBase, lock: number, work: string): Promise<void> {
  await client.query(
    `BEGIN; SET LOCAL lock_timeout = '${longestWaitSeconds}s'; SET LOCAL idle_in_transaction_session_timeout = 0`,
  );
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(
      `The ${work} of another Timbre has held the database for ${longestWaitSeconds} s: look for it in pg_locks (locktype advisory, objid ${lock % 2 ** 32})`,
      { cause },
    );
  }
}
