import type { EntityManager } from 'typeorm';

/** Held until the transaction ends: across all processes one batch is swept at a time. */
export async function isOnlySweeper(em: EntityManager): Promise<boolean> {
  const [lock] = await em.query<{ got: boolean }[]>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('timbre retention sweep', 0)) AS got`,
  );
  return lock?.got === true;
}
