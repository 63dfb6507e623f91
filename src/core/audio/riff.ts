/** One of a RIFF file's chunks: four letters, a length, and what is there of its body. */
export interface Chunk {
  readonly body: Uint8Array;
  /** Undefined where whoever wrote the file did not know, and the body goes on to the end of the file. */
  readonly declaredBytes: number | undefined;
}

/**
 * From here on a length of the sound means "unknown": it was written before the sound, into a pipe or by a program that then
 * died. Seen: 0x7FFF0000 (GStreamer), 0x7FFFF000 (sox), 0x7FFFFFFF (lame), 0x80000000 (arecord), 0xFFFFFFFF less the header
 * (ffmpeg); 0 with sound behind it (mpg123, Festival, recorders that crashed).
 */
const unknownFrom = 0x7fff0000;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function tag(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** The first chunk of each name; after an odd length there is a pad byte. RF64 keeps lengths over 32 bits in its ds64 chunk (EBU Tech 3306). */
export function chunksOf(file: Uint8Array): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  let offset = 12;
  while (offset + 8 <= file.length) {
    const name = tag(file, offset);
    const declaredBytes = lengthAt(file, offset, name, chunks.get('ds64'));
    const rest = file.subarray(offset + 8);
    const body = declaredBytes === undefined ? rest : rest.subarray(0, declaredBytes);
    if (!chunks.has(name)) chunks.set(name, { body, declaredBytes });
    if (declaredBytes === undefined) break;
    offset += 8 + declaredBytes + (declaredBytes % 2);
  }
  return chunks;
}

function lengthAt(
  file: Uint8Array,
  offset: number,
  name: string,
  ds64: Chunk | undefined,
): number | undefined {
  const declared = viewOf(file).getUint32(offset + 4, true);
  if (name !== 'data') return declared;
  if (declared === 0xffffffff && ds64 !== undefined && ds64.body.length >= 16) {
    const long = Number(viewOf(ds64.body).getBigUint64(8, true));
    return long === 0 || long >= Number.MAX_SAFE_INTEGER ? undefined : long;
  }
  if (declared >= unknownFrom) return undefined;
  return declared === 0 && !endsInChunks(file, offset + 8) ? undefined : declared;
}

/** Whether nothing but whole chunks follow up to the end: then a length of 0 means what it says. */
function endsInChunks(file: Uint8Array, from: number): boolean {
  let offset = from;
  while (offset + 8 <= file.length) {
    if (!/^[\x20-\x7e]{4}$/.test(tag(file, offset))) return false;
    const declared = viewOf(file).getUint32(offset + 4, true);
    offset += 8 + declared + (declared % 2);
  }
  return offset === file.length || offset === file.length + 1;
}
