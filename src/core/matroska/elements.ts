const integerBytes = 8;
const textBytes = 16 * 1024;
/** Half a minute of 16-bit audio at 16 kHz: no block of a live stream is longer. */
const blockBytes = 1024 * 1024;

type Known =
  | { readonly kind: 'master'; readonly name: MasterName }
  /** A longer one is skipped. */
  | { readonly kind: 'value'; readonly name: ValueName; readonly maxBytes: number };

/** RFC 9559 §5.1: those that a live audio stream is read by. */
const masters = {
  EBML: 0x1a45dfa3,
  Segment: 0x18538067,
  Info: 0x1549a966,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  Audio: 0xe1,
  Cluster: 0x1f43b675,
  BlockGroup: 0xa0,
  Tags: 0x1254c367,
  Tag: 0x7373,
  SimpleTag: 0x67c8,
} as const;

const integers = {
  TimestampScale: 0x2ad7b1,
  TrackNumber: 0xd7,
  Timestamp: 0xe7,
} as const;
const texts = { TrackName: 0x536e, TagName: 0x45a3, TagString: 0x4487 } as const;
const blocks = { SimpleBlock: 0xa3, Block: 0xa1 } as const;

export type MasterName = keyof typeof masters;
export type ValueName = keyof typeof integers | keyof typeof texts | keyof typeof blocks;

function values(ids: Readonly<Record<string, number>>, maxBytes: number): [number, Known][] {
  return Object.entries(ids).map(([name, id]) => [id, { kind: 'value', name: name as ValueName, maxBytes }]);
}

export const elements: ReadonlyMap<number, Known> = new Map<number, Known>([
  ...Object.entries(masters).map(([name, id]): [number, Known] => [
    id,
    { kind: 'master', name: name as MasterName },
  ]),
  ...values(integers, integerBytes),
  ...values(texts, textBytes),
  ...values(blocks, blockBytes),
]);
