import { ElementReader, type MatroskaEvent, unsigned } from './element-reader.js';
import type { ValueName } from './elements.js';

export interface FragmentTrack {
  readonly number: number;
  readonly name: string;
}

export interface FragmentBlock {
  readonly track: number;
  /** Since the stream's epoch, in its own clock. */
  readonly timestampMs: number;
  readonly payload: Uint8Array;
}

/** One stretch of a live stream: what its blocks hold and what its tags say of them. */
export interface Fragment {
  readonly tracks: readonly FragmentTrack[];
  readonly blocks: readonly FragmentBlock[];
  readonly tags: ReadonlyMap<string, string>;
}

export type FragmentNews =
  | { readonly kind: 'fragment'; readonly fragment: Fragment }
  | { readonly kind: 'malformed'; readonly why: string };

/** RFC 9559 §5.1.2.9: nanoseconds a tick where the document does not say. */
const defaultScaleNs = 1_000_000;
/** A minute of two tracks in blocks of 10 ms: what is longer is no fragment of a live call. */
const mostBlocks = 12_000;
const mostTags = 256;

const text = new TextDecoder();

/**
 * Cuts a stream of Matroska documents into fragments. A document's tags come behind the cluster that they speak of, so a
 * fragment is complete when the last of them (`lastTag`) has come, or when the next document begins.
 */
export class FragmentReader {
  private readonly lastTag: string;
  private reader = new ElementReader();
  private scaleNs = defaultScaleNs;
  private clusterTicks = 0;
  private tracks: { number: number; name: string }[] = [];
  private blocks: FragmentBlock[] = [];
  private tags = new Map<string, string>();
  private tag: { name?: string; value?: string } = {};

  constructor(lastTag: string) {
    this.lastTag = lastTag;
  }

  push(chunk: Uint8Array): FragmentNews[] {
    return this.reader.push(chunk).flatMap((event) => this.take(event));
  }

  /** The stream is over, or goes on in another one that begins with a document of its own. */
  end(): FragmentNews[] {
    this.reader = new ElementReader();
    return this.newDocument();
  }

  private take(event: MatroskaEvent): FragmentNews[] {
    switch (event.kind) {
      case 'document':
        return this.newDocument();
      case 'malformed':
        return [event];
      case 'enter':
        if (event.element === 'TrackEntry') this.tracks.push({ number: 0, name: '' });
        if (event.element === 'SimpleTag') this.tag = {};
        return [];
      case 'value':
        return this.value(event.element, event.bytes);
    }
  }

  private value(element: ValueName, bytes: Uint8Array): FragmentNews[] {
    const track = this.tracks.at(-1);
    switch (element) {
      case 'TimestampScale':
        this.scaleNs = unsigned(bytes) || defaultScaleNs;
        return [];
      case 'Timestamp':
        this.clusterTicks = unsigned(bytes);
        return [];
      case 'TrackNumber':
        if (track) track.number = unsigned(bytes);
        return [];
      case 'TrackName':
        if (track) track.name = stringOf(bytes);
        return [];
      case 'TagName':
        this.tag.name = stringOf(bytes);
        return this.tagged();
      case 'TagString':
        this.tag.value = stringOf(bytes);
        return this.tagged();
      case 'SimpleBlock':
      case 'Block':
        return this.block(bytes);
    }
  }

  /** RFC 9559 §10.1: the track's number, 16 bits of time in the cluster, flags, and the frames. */
  private block(bytes: Uint8Array): FragmentNews[] {
    const length = Math.clz32(bytes[0] ?? 0) - 23;
    if (length > 8 || bytes.length < length + 3)
      return [{ kind: 'malformed', why: 'a block without a head' }];
    if (this.blocks.length >= mostBlocks) return [{ kind: 'malformed', why: 'a fragment without an end' }];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const track = unsigned(bytes.subarray(0, length)) - 2 ** (7 * length);
    const ticks = this.clusterTicks + view.getInt16(length);
    // Lacing puts several frames into one block; audio that is a plain row of samples has none.
    const payload = bytes.subarray(length + 3);
    this.blocks.push({ track, timestampMs: (ticks * this.scaleNs) / 1_000_000, payload });
    return [];
  }

  private tagged(): FragmentNews[] {
    const { name, value } = this.tag;
    if (name === undefined || value === undefined) return [];
    this.tag = {};
    if (this.tags.size < mostTags) this.tags.set(name, value);
    return name === this.lastTag ? this.complete() : [];
  }

  private newDocument(): FragmentNews[] {
    const complete = this.complete();
    this.tracks = [];
    this.scaleNs = defaultScaleNs;
    this.clusterTicks = 0;
    return complete;
  }

  private complete(): FragmentNews[] {
    const fragment = { tracks: this.tracks.slice(), blocks: this.blocks, tags: this.tags };
    this.blocks = [];
    this.tags = new Map();
    return fragment.blocks.length + fragment.tags.size > 0 ? [{ kind: 'fragment', fragment }] : [];
  }
}

/** Padded with NUL by some writers (RFC 8794 §7.4). */
function stringOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return text.decode(end < 0 ? bytes : bytes.subarray(0, end));
}
