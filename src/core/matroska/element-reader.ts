import { elements, type MasterName, type ValueName } from './elements.js';

/** What a Matroska stream holds, in order; `document` where a new one begins, whatever was open before. */
export type MatroskaEvent =
  | { readonly kind: 'document' }
  /** A master element begins; where it ends does not matter to what is read here. */
  | { readonly kind: 'enter'; readonly element: MasterName }
  | { readonly kind: 'value'; readonly element: ValueName; readonly bytes: Uint8Array }
  /** The bytes are no Matroska; nothing after them can be trusted. */
  | { readonly kind: 'malformed'; readonly why: string };

/** RFC 8794 §4: an id of 4 octets and a size of 8 at most. */
const longestHead = 12;

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Reads Matroska (RFC 9559) as it comes, in pieces of any size: the values that a live audio stream needs, the rest is skipped
 * without being kept. Levels are not followed, so a segment of unknown size needs no end, and documents one behind the other
 * (as Amazon's GetMedia sends them) are read on.
 */
export class ElementReader {
  private rest: Uint8Array = nothing;
  private skip = 0;
  private broken = false;

  push(chunk: Uint8Array): MatroskaEvent[] {
    if (this.broken) return [];
    const bytes = this.rest.length === 0 ? chunk : joined(this.rest, chunk);
    const events: MatroskaEvent[] = [];
    let at = 0;
    for (;;) {
      const skipped = Math.min(this.skip, bytes.length - at);
      this.skip -= skipped;
      at += skipped;
      const next = this.next(bytes, at);
      if (next === undefined) break;
      if (typeof next === 'string') {
        this.broken = true;
        this.rest = nothing;
        return [...events, { kind: 'malformed', why: next }];
      }
      at = next.end;
      this.skip = next.skip;
      events.push(...next.events);
    }
    this.rest = bytes.subarray(at);
    return events;
  }

  /** One element from here on; undefined where it is not all there yet, a text where it is none. */
  private next(bytes: Uint8Array, at: number): Step | string | undefined {
    const id = readId(bytes, at);
    if (id === undefined) return bytes.length - at >= 4 ? 'no element id' : undefined;
    const size = readSize(bytes, at + id.length);
    if (size === undefined) return bytes.length - at >= longestHead ? 'no element size' : undefined;
    const begin = at + id.length + size.length;
    const known = elements.get(id.value);
    if (known?.kind === 'master') {
      const document: MatroskaEvent[] = known.name === 'EBML' ? [{ kind: 'document' }] : [];
      return { end: begin, skip: 0, events: [...document, { kind: 'enter', element: known.name }] };
    }
    if (size.value === 'unknown') return 'an element of unknown size that holds no others';
    if (!known || size.value > known.maxBytes) return { end: begin, skip: size.value, events: [] };
    const end = begin + size.value;
    if (end > bytes.length) return undefined;
    const value = { kind: 'value', element: known.name, bytes: bytes.subarray(begin, end) } as const;
    return { end, skip: 0, events: [value] };
  }
}

interface Step {
  readonly end: number;
  readonly skip: number;
  readonly events: readonly MatroskaEvent[];
}

/** The id with its length marker, as the tables of RFC 9559 write it. */
function readId(bytes: Uint8Array, at: number): { value: number; length: number } | undefined {
  const length = lengthOf(bytes[at]);
  if (length > 4 || at + length > bytes.length) return undefined;
  return { value: unsigned(bytes.subarray(at, at + length)), length };
}

function readSize(bytes: Uint8Array, at: number): { value: number | 'unknown'; length: number } | undefined {
  const first = bytes[at];
  const length = lengthOf(first);
  if (first === undefined || length > 8 || at + length > bytes.length) return undefined;
  const rest = bytes.subarray(at + 1, at + length);
  const head = first & (0xff >> length);
  // RFC 8794 §6.2: all value bits set mean that nobody knew.
  if (head === 0xff >> length && rest.every((octet) => octet === 0xff)) return { value: 'unknown', length };
  return { value: head * 2 ** (8 * rest.length) + unsigned(rest), length };
}

/** How many octets a variable-size integer has, by its first; 9 where that holds no marker or is not there. */
function lengthOf(first: number | undefined): number {
  return first === undefined || first === 0 ? 9 : Math.clz32(first) - 23;
}

/** Big-endian; up to 8 octets, exact up to 2^53. */
export function unsigned(bytes: Uint8Array): number {
  let value = 0;
  for (const octet of bytes) value = value * 256 + octet;
  return value;
}

function joined(one: Uint8Array, two: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + two.length);
  both.set(one);
  both.set(two, one.length);
  return both;
}
