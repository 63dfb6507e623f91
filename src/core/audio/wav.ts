import { chunksOf, tag, viewOf, type Chunk } from './riff.js';
import {
  bytesPerFrame,
  durationMs,
  samplesPerFrame,
  type SampleEncoding,
  type StreamFormat,
} from './stream-format.js';
import { namedFormat, nameOfFile } from './wav-words.js';

/*
 * Our own reader rather than `wavefile`: that one reads a truncated or empty data chunk without a word, throws bare Errors
 * whose only distinction is their English text, and decodes the whole file into an array of doubles. An upload has to be
 * refused with a reason a person can act on, and only its bytes are needed here.
 */
export type WavRefusal =
  'not-wav' | 'empty' | 'unsupported-codec' | 'unsupported-rate' | 'too-many-channels' | 'truncated';

/** A stream format without the caller's side: a WAV file does not know it. */
export type WavFormat = Omit<StreamFormat, 'callerChannel'>;

/** What is odd about a file that is read all the same. */
export type WavNote = 'length-unknown' | 'cut-short';

export type ParsedWav =
  | {
      readonly kind: 'ok';
      readonly format: WavFormat;
      readonly data: Uint8Array;
      readonly durationMs: number;
      readonly notes: readonly WavNote[];
    }
  | { readonly kind: 'refused'; readonly reason: WavRefusal; readonly detail: string };

type Refused = Extract<ParsedWav, { kind: 'refused' }>;

const formatExtensible = 0xfffe;
const forms = ['RIFF', 'RF64', 'BW64'];
const ratesHz = { least: 8000, most: 192_000 };
/** A file that says it is longer is read when this share of it is there: its end got lost, not its speech. */
const enoughThere = 0.99;

const refuse = (reason: WavRefusal, detail: string): Refused => ({ kind: 'refused', reason, detail });

export function parseWav(file: Uint8Array): ParsedWav {
  if (file.length === 0) return refuse('empty', 'the file has no bytes');
  if (file.length < 12 || !forms.includes(tag(file, 0)) || tag(file, 8) !== 'WAVE') {
    return refuse('not-wav', nameOfFile(file));
  }
  const chunks = chunksOf(file);
  const fmt = chunks.get('fmt ');
  if (fmt === undefined) return refuse('not-wav', 'there is no fmt chunk');
  if (fmt.body.length < 16) {
    return refuse('truncated', `the fmt chunk has ${fmt.body.length} bytes, not 16 or more`);
  }
  const format = formatOf(viewOf(fmt.body));
  if ('kind' in format) return format;
  const data = chunks.get('data');
  if (data === undefined) return refuse('truncated', 'there is no data chunk');
  return withData(format, data);
}

function withData(format: WavFormat, { body, declaredBytes }: Chunk): ParsedWav {
  const isShort = declaredBytes !== undefined && body.length < declaredBytes;
  if (isShort && body.length < enoughThere * declaredBytes) {
    return refuse('truncated', `the data chunk says ${declaredBytes} bytes, ${body.length} are there`);
  }
  const whole = body.subarray(0, body.length - (body.length % bytesPerFrame(format)));
  if (whole.length === 0) return refuse('empty', 'the data chunk holds no samples');
  const notes: WavNote[] = [];
  if (declaredBytes === undefined) notes.push('length-unknown');
  if (isShort) notes.push('cut-short');
  return { kind: 'ok', format, data: whole, durationMs: durationMs(whole.length, format), notes };
}

function formatOf(view: DataView): WavFormat | Refused {
  const outerTag = view.getUint16(0, true);
  // WAVE_FORMAT_EXTENSIBLE: the real tag is the first two bytes of the sub-format GUID.
  const formatTag =
    outerTag === formatExtensible && view.byteLength >= 26 ? view.getUint16(24, true) : outerTag;
  const channels = view.getUint16(2, true);
  const sampleRateHz = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  const encoding = encodingOf(formatTag, bits);
  if (encoding === undefined) return refuse('unsupported-codec', namedFormat(formatTag, bits));
  if (sampleRateHz < ratesHz.least || sampleRateHz > ratesHz.most) {
    return refuse('unsupported-rate', `${sampleRateHz} Hz; 8000 to 192000 Hz are wanted`);
  }
  if (channels !== 1 && channels !== 2)
    return refuse('too-many-channels', `${channels} channels; 1 or 2 are wanted`);
  const format = { encoding, sampleRateHz, channels } as const;
  if (samplesPerFrame(format) > 1 && (channels !== 1 || blockBytes !== bytesPerFrame(format))) {
    return refuse('unsupported-codec', `GSM with ${channels} channels in blocks of ${blockBytes} bytes; 1 channel in blocks of 65 is wanted`); // prettier-ignore
  }
  return format;
}

function encodingOf(formatTag: number, bits: number): SampleEncoding | undefined {
  switch (formatTag) {
    case 1:
      return ({ 8: 'u8', 16: 'l16', 24: 'l24', 32: 'l32' } as const)[bits];
    case 3:
      return ({ 32: 'f32', 64: 'f64' } as const)[bits];
    case 6:
      return bits === 8 ? 'alaw' : undefined;
    case 7:
      return bits === 8 ? 'mulaw' : undefined;
    case 0x31:
      return 'gsm';
    default:
      return undefined;
  }
}
