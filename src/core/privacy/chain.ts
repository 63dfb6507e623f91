/** What a chained row may hold. RFC 8785 covers all of JSON; rows keep to whole numbers, so that any language's JSON writes them alike. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: JsonValue;
}

export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** What the first row of a chain follows. */
export const chainStart: Uint8Array = new Uint8Array(32);

/** The place of a row in its chain. */
export interface ChainLink {
  readonly seq: number;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

export interface ChainHead {
  readonly count: number;
  readonly hash: Uint8Array;
}

/** A row as it lies in the database. */
export interface ChainedRow extends ChainLink {
  readonly record: JsonObject;
}

export type ChainFinding =
  | { readonly kind: 'changed' | 'replaced' | 'repeated' | 'not-as-anchored'; readonly seq: number }
  | { readonly kind: 'missing' | 'missing-at-end'; readonly seq: number; readonly lastSeq: number }
  | { readonly kind: 'past-head'; readonly seq: number }
  | { readonly kind: 'head-missing' | 'head-changed' };

/**
 * Canonical JSON of RFC 8785 (JCS): members in order of their UTF-16 code units, no white space, strings and numbers as
 * ECMAScript writes them. Throws on what JSON or Unicode has no form for.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('JSON has no such number');
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value))
    throw new Error('a string with half a surrogate pair');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort() // by UTF-16 code units (ECMA-262), as RFC 8785 §3.2.3 asks
    .map((name) => `${canonicalJson(name)}:${canonicalJson(value[name] as JsonValue)}`);
  return `{${members.join(',')}}`;
}

/** The hash of a row: of the hash before it, then the row's canonical form in UTF-8. */
export function linkHash(sha256: Sha256, previousHash: Uint8Array, record: JsonObject): Uint8Array {
  return sha256(previousHash, new TextEncoder().encode(canonicalJson(record)));
}

/** Adds records behind the head; `toRecord` learns the number that its row gets. */
export function extendChain<T>(
  sha256: Sha256,
  head: ChainHead,
  rows: readonly T[],
  toRecord: (row: T, seq: number) => JsonObject,
): { readonly links: readonly (ChainLink & { readonly row: T })[]; readonly head: ChainHead } {
  let { count, hash } = head;
  const links = rows.map((row) => {
    const previousHash = hash;
    count += 1;
    hash = linkHash(sha256, previousHash, toRecord(row, count));
    return { row, seq: count, previousHash, hash };
  });
  return { links, head: { count, hash } };
}

/** Checks a chain row by row, in order of `seq`; nothing is kept but the last hash, so a chain may be of any length. */
export class ChainCheck {
  readonly findings: ChainFinding[] = [];
  private count = 0;
  private lastHash = chainStart;

  constructor(
    private readonly sha256: Sha256,
    private readonly head: ChainHead | null,
    /** A head noted earlier and kept elsewhere: the chain must have passed through it. */
    private readonly anchor: ChainHead | null = null,
  ) {}

  /** Returns what was found wrong with this row. */
  add({ seq, previousHash, hash, record }: ChainedRow): readonly ChainFinding[] {
    const before = this.findings.length;
    const expected = this.count + 1;
    if (seq < expected) this.findings.push({ kind: 'repeated', seq });
    if (seq > expected) this.findings.push({ kind: 'missing', seq: expected, lastSeq: seq - 1 });
    // Its own hash holds, but what follows was made for another one: it was rewritten and given a new hash.
    else if (seq === expected && !isSame(previousHash, this.lastHash))
      this.findings.push({ kind: 'replaced', seq: this.count });
    if (!isSame(hash, this.hashOf(previousHash, record))) this.findings.push({ kind: 'changed', seq });
    if (this.head !== null && seq > this.head.count) this.findings.push({ kind: 'past-head', seq });
    if (seq === this.anchor?.count && !isSame(hash, this.anchor.hash))
      this.findings.push({ kind: 'not-as-anchored', seq });
    this.count = Math.max(this.count, seq);
    this.lastHash = hash;
    return this.findings.slice(before);
  }

  /** After the last row: what must be there and is not. */
  finish(): readonly ChainFinding[] {
    const last = Math.max(this.head?.count ?? 0, this.anchor?.count ?? 0);
    if (last > this.count) this.findings.push({ kind: 'missing-at-end', seq: this.count + 1, lastSeq: last });
    if (this.head === null && this.count > 0) this.findings.push({ kind: 'head-missing' });
    if (this.head?.count === this.count && !isSame(this.head.hash, this.lastHash))
      this.findings.push({ kind: 'head-changed' });
    return this.findings;
  }

  /** Of a row that cannot even be written canonically nothing holds. */
  private hashOf(previousHash: Uint8Array, record: JsonObject): Uint8Array {
    try {
      return linkHash(this.sha256, previousHash, record);
    } catch {
      return new Uint8Array(0);
    }
  }
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
