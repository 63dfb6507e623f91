/** What GetMedia sends: Matroska documents one behind the other, as Amazon's producers write them. */

export type Bytes = Uint8Array;

const bytesOf = (...parts: (Bytes | readonly number[])[]): Bytes =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

function idBytes(id: number): number[] {
  const octets = [24, 16, 8, 0].map((shift) => (id >>> shift) & 0xff);
  return octets.slice(octets.findIndex((octet) => octet !== 0));
}

/** RFC 8794 §4, in as many octets as told: 1 to 8. */
export function sizeBytes(size: number, octets = 4): number[] {
  const out = Array.from({ length: octets }, (_, i) => Math.floor(size / 2 ** (8 * (octets - 1 - i))) % 256);
  out[0] = (out[0] ?? 0) | (0x80 >> (octets - 1));
  return out;
}

export const unknownSize = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

export function element(
  id: number,
  content: Bytes,
  size: readonly number[] = sizeBytes(content.length),
): Bytes {
  return bytesOf(idBytes(id), size, content);
}

/** Amazon's producer writes every integer in 8 octets. */
export function integer(id: number, value: number): Bytes {
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt(value));
  return element(id, content);
}

const text = (id: number, value: string): Bytes => element(id, Buffer.from(value, 'utf8'));
const simpleTag = ([name, value]: readonly [string, string]): Bytes =>
  element(0x67c8, bytesOf(text(0x45a3, name), text(0x4487, value)));
const tags = (named: Readonly<Record<string, string>>): Bytes =>
  element(0x1254c367, element(0x7373, bytesOf(...Object.entries(named).map(simpleTag))));

export interface AFragment {
  readonly number: number;
  /** Of the cluster, in ms since 1970. */
  readonly atMs: number;
  /** 16-bit little-endian audio by track name, all from the cluster's time on; 1024 bytes a block unless told. */
  readonly audio: Readonly<Record<string, Bytes>>;
  readonly contactId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly blockBytes?: number;
  readonly rateHz?: number;
  /** What stands behind the cluster is missing: the connection broke. */
  readonly cutShort?: boolean;
}

/** 47 digits, as GetMedia numbers fragments. */
export const fragmentNumber = (number: number): string =>
  `9134385233318143239268206${String(number).padStart(22, '0')}`;

/** One fragment as GetMedia sends it: a document of unknown size whose tags follow what they speak of. */
export function aFragment(fields: AFragment): Bytes {
  const { number, atMs, audio, contactId, blockBytes = 1024, rateHz = 8000 } = fields;
  const header = element(
    0x1a45dfa3,
    bytesOf(integer(0x4286, 1), text(0x4282, 'matroska'), integer(0x4287, 2)),
  );
  const entries = Object.keys(audio).map((name, i) =>
    element(
      0xae,
      bytesOf(
        integer(0xd7, i + 1),
        integer(0x73c5, i + 1),
        integer(0x83, 2),
        text(0x536e, name),
        // As Amazon Connect has it, whatever the payload is.
        text(0x86, 'A_AAC'),
      ),
    ),
  );
  const seconds = (atMs / 1000).toFixed(3);
  const cluster = element(0x1f43b675, bytesOf(integer(0xe7, atMs), ...blocksOf(audio, blockBytes, rateHz)));
  const before = [
    element(0x1549a966, bytesOf(integer(0x2ad7b1, 1_000_000), text(0x4d80, 'test'), text(0x5741, 'test'))),
    element(0x1654ae6b, bytesOf(...entries)),
    tags({
      AWS_KINESISVIDEO_FRAGMENT_NUMBER: fragmentNumber(number),
      AWS_KINESISVIDEO_SERVER_TIMESTAMP: seconds,
      AWS_KINESISVIDEO_PRODUCER_TIMESTAMP: seconds,
    }),
    cluster,
  ];
  const after = [
    tags({
      ...(contactId !== undefined && { ContactId: contactId, InstanceId: 'demo' }),
      MimeType: `audio/L16;rate=${String(rateHz)};channels=1;`,
      ...fields.tags,
    }),
    tags({
      AWS_KINESISVIDEO_MILLIS_BEHIND_NOW: '0',
      AWS_KINESISVIDEO_CONTINUATION_TOKEN: fragmentNumber(number),
    }),
  ];
  const segment = bytesOf(...before, ...(fields.cutShort === true ? [] : after));
  return bytesOf(header, element(0x18538067, segment, unknownSize));
}

/** What GetMedia sends instead of media when something is wrong. */
export function anErrorTag(id: number): Bytes {
  const header = element(0x1a45dfa3, text(0x4282, 'matroska'));
  const said = tags({ AWS_KINESISVIDEO_ERROR_CODE: String(id), AWS_KINESISVIDEO_ERROR_ID: String(id) });
  return bytesOf(header, element(0x18538067, said, unknownSize));
}

/** The tracks' blocks by time, as they come from a call. */
function blocksOf(audio: AFragment['audio'], blockBytes: number, rateHz: number): Bytes[] {
  const blocks = Object.values(audio).flatMap((samples, track) =>
    Array.from({ length: Math.ceil(samples.length / blockBytes) }, (_, i) => {
      const ms = Math.round(((i * blockBytes) / 2 / rateHz) * 1000);
      const head = Buffer.from([0x80 | (track + 1), ms >> 8, ms & 0xff, 0x80]);
      return {
        ms,
        bytes: element(0xa3, bytesOf(head, samples.subarray(i * blockBytes, (i + 1) * blockBytes))),
      };
    }),
  );
  return blocks.sort((a, b) => a.ms - b.ms).map(({ bytes }) => bytes);
}
