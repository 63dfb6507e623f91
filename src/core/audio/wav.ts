import {
  bytesPerFrame,
  durationMs,
  type AudioEncoding,
  type StreamFormat,
  type StreamRateHz,
} from './stream-format.js';

/*
 * Our own reader rather than `wavefile`: that one reads a truncated or empty data chunk without a word, throws bare Errors
 * whose only distinction is their English text, and decodes the whole file into an array of doubles. An upload has to be
 * refused with a reason a person can act on, and only its bytes are needed here.
 */

export type WavRefusal =
  'not-wav' | 'empty' | 'unsupported-codec' | 'unsupported-rate' | 'too-many-channels' | 'truncated';

/** A stream format without the caller's side: a WAV file does not know it. */
export type WavFormat = Omit<StreamFormat, 'callerChannel'>;

export type ParsedWav =
  | {
      readonly kind: 'ok';
      readonly format: WavFormat;
      readonly data: Uint8Array;
      readonly durationMs: number;
    }
  | { readonly kind: 'refused'; readonly reason: WavRefusal; readonly detail: string };

interface Chunk {
  readonly body: Uint8Array;
  readonly declaredBytes: number;
}

const FORMAT_EXTENSIBLE = 0xfffe;
/** Written by programs that stream a WAV and can't go back to fill in its length. */
const UNKNOWN_LENGTH = 0xffffffff;

const refuse = (reason: WavRefusal, detail: string): ParsedWav => ({ kind: 'refused', reason, detail });

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tag(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}

/** RIFF chunks: four letters, length, body, and a pad byte after an odd length. The first of each name counts. */
function chunksOf(file: Uint8Array): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  let offset = 12;
  while (offset + 8 <= file.length) {
    const declaredBytes = viewOf(file).getUint32(offset + 4, true);
    const name = tag(file, offset);
    const body = file.subarray(offset + 8, offset + 8 + declaredBytes);
    if (!chunks.has(name)) chunks.set(name, { body, declaredBytes });
    offset += 8 + declaredBytes + (declaredBytes % 2);
  }
  return chunks;
}

function encodingOf(formatTag: number, bits: number): AudioEncoding | undefined {
  if (formatTag === 1 && bits === 16) return 'l16';
  if (formatTag === 6 && bits === 8) return 'alaw';
  if (formatTag === 7 && bits === 8) return 'mulaw';
  return undefined;
}

function rateOf(sampleRateHz: number): StreamRateHz | undefined {
  return ([8000, 16000, 48000] as const).find((rate) => rate === sampleRateHz);
}

export function parseWav(file: Uint8Array): ParsedWav {
  if (file.length === 0) return refuse('empty', 'the file has no bytes');
  if (file.length < 12 || tag(file, 0) !== 'RIFF' || tag(file, 8) !== 'WAVE') {
    return refuse('not-wav', 'the file does not begin with RIFF … WAVE');
  }
  const chunks = chunksOf(file);
  const fmt = chunks.get('fmt ');
  if (fmt === undefined) return refuse('not-wav', 'there is no fmt chunk');
  if (fmt.body.length < 16)
    return refuse('truncated', `the fmt chunk has ${fmt.body.length} bytes, not 16 or more`);

  const view = viewOf(fmt.body);
  const outerTag = view.getUint16(0, true);
  // WAVE_FORMAT_EXTENSIBLE: the real tag is the first two bytes of the sub-format GUID.
  const formatTag =
    outerTag === FORMAT_EXTENSIBLE && fmt.body.length >= 26 ? view.getUint16(24, true) : outerTag;
  const channels = view.getUint16(2, true);
  const rate = view.getUint32(4, true);
  const bits = view.getUint16(14, true);
  const encoding = encodingOf(formatTag, bits);
  const sampleRateHz = rateOf(rate);
  if (encoding === undefined) {
    return refuse(
      'unsupported-codec',
      `format tag ${formatTag} with ${bits} bits; 16-bit PCM, A-law or µ-law is wanted`,
    );
  }
  if (sampleRateHz === undefined)
    return refuse('unsupported-rate', `${rate} Hz; 8000, 16000 or 48000 Hz is wanted`);
  if (channels !== 1 && channels !== 2)
    return refuse('too-many-channels', `${channels} channels; 1 or 2 are wanted`);

  const data = chunks.get('data');
  if (data === undefined) return refuse('truncated', 'there is no data chunk');
  if (data.declaredBytes !== UNKNOWN_LENGTH && data.body.length < data.declaredBytes) {
    return refuse(
      'truncated',
      `the data chunk says ${data.declaredBytes} bytes, ${data.body.length} are there`,
    );
  }
  const format: WavFormat = { encoding, sampleRateHz, channels };
  const frameBytes = bytesPerFrame({ ...format, callerChannel: 0 });
  const whole = data.body.subarray(0, data.body.length - (data.body.length % frameBytes));
  if (whole.length === 0) return refuse('empty', 'the data chunk holds no samples');
  return {
    kind: 'ok',
    format,
    data: whole,
    durationMs: durationMs(whole.length, { ...format, callerChannel: 0 }),
  };
}
