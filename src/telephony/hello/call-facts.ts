import { z } from 'zod';

import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { CallDescription } from '../../core/calls/intake.js';
import type { CallProtocol } from '../../core/calls/protocols.js';
import type { JsonObject } from '../json-object.js';
import { readAttestation } from '../read-attestation.js';

const maxEntries = 32;
const maxName = 64;
const maxValue = 256;

/** Platforms write a number as text or as a number, and leave empty what they don't know. */
const text = z
  .union([z.string().max(128), z.int().transform(String)])
  .nullish()
  .transform((value) => value || undefined);

const schema = z.object({
  callId: text,
  customerId: text,
  from: text,
  ani: text,
  to: text,
  dnis: text,
  direction: z.enum(['inbound', 'outbound']).optional().catch(undefined),
  attestation: text,
  verstat: text,
});

/** What is said of a call under names of Timbre's choosing, and all else that is text. */
export interface CallFacts extends z.output<typeof schema> {
  readonly metadata: Readonly<Record<string, string>>;
}

const names: ReadonlySet<string> = new Set(Object.keys(schema.shape));

/**
 * From wherever a platform lets its user put a word: metadata, custom headers, variables, a query. An earlier source counts
 * over a later one; `reserved` are the platform's own names, which are no metadata. Undefined: a fact of a wrong type.
 */
export function readFacts(
  sources: readonly JsonObject[],
  reserved: ReadonlySet<string> = new Set(),
): CallFacts | undefined {
  const known = [...names].map((name) => [name, firstOf(sources, name)] as const);
  const parsed = schema.safeParse(Object.fromEntries(known));
  if (!parsed.success) return undefined;
  const rest = sources
    .flatMap((source) => Object.entries(source))
    .filter(
      (entry): entry is [string, string] => !names.has(entry[0]) && !reserved.has(entry[0]) && fits(entry),
    )
    .slice(0, maxEntries);
  return { ...parsed.data, metadata: Object.fromEntries(rest.reverse()) };
}

/** The description of a call whose platform says so much of it. */
export function describe(
  protocol: CallProtocol,
  format: StreamFormat,
  facts: CallFacts,
  mixed: boolean,
): Omit<CallDescription, 'tenantId'> {
  const { callId, direction } = facts;
  const attestation = readAttestation(facts.attestation, facts.verstat);
  return {
    protocol,
    externalId: callId,
    format,
    ani: facts.from ?? facts.ani,
    dnis: facts.to ?? facts.dnis,
    claimedCustomer: facts.customerId,
    metadata: facts.metadata,
    ...(direction && { direction }),
    ...(attestation && { attestation }),
    ...(mixed && { mixed }),
    // None of these platforms gives a stream an id of its own: the call's id is what comes again after a drop.
    ...(callId && { streamKey: callId, resumes: [callId] }),
  };
}

function firstOf(sources: readonly JsonObject[], name: string): unknown {
  const said = sources.map((source) => source[name]);
  return said.find((value) => value !== undefined && value !== null && value !== '');
}

function fits([name, value]: readonly [string, unknown]): boolean {
  return typeof value === 'string' && name.length > 0 && name.length <= maxName && value.length <= maxValue;
}
