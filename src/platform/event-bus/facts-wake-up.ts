import type { EntityManager } from 'typeorm';
import { busChannel } from './bus-channel.js';
import type { PublishedMessage } from './event-bus.port.js';

/**
 * Wakes whoever reads facts, on every process, when the transaction commits and only then. There is no data in it: who is woken
 * reads, and who sleeps through it reads all the same, half a second later. A notifying commit takes a lock of the whole database
 * server, so this is for what people do, not for what calls say many times a second.
 */
export async function wakeFactReaders(em: EntityManager): Promise<void> {
  await tellAtCommit(em, { kind: 'facts-recorded' });
}

export async function tellAtCommit(em: EntityManager, message: PublishedMessage): Promise<void> {
  await em.query('SELECT pg_notify($1, $2)', [busChannel, JSON.stringify(message)]);
}
