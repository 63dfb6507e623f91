/** Says of a file that is none of ours what it is and what to do: whoever uploads it has it from some recorder. */

/** Format tags that recorders of calls write (RFC 2361 lists them). */
const compressed: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  0x11: 'IMA ADPCM',
  0x40: 'G.721 ADPCM',
  0x45: 'G.726 ADPCM',
  0x50: 'MPEG audio',
  0x55: 'MP3',
  0x64: 'G.726 ADPCM',
  0x65: 'G.722',
  0x83: 'G.729',
  0xff: 'AAC',
  0x160: 'Windows Media Audio',
  0x161: 'Windows Media Audio',
  0x28f: 'G.722',
  0x704f: 'Opus',
};

const wanted = 'PCM of 8, 16, 24 or 32 bits, floating point, A-law, µ-law or GSM 6.10 is wanted';
const convert = 'Convert it first: ffmpeg -i recording -ar 8000 -c:a pcm_s16le recording.wav';

export function namedFormat(formatTag: number, bits: number): string {
  const name = compressed[formatTag];
  if (name !== undefined) return `the WAV file holds ${name}; ${wanted}. ${convert}`;
  return `format tag ${formatTag} with ${bits} bits; ${wanted}`;
}

type Sign = readonly [name: string, test: (bytes: Uint8Array, text: string) => boolean];

/** By the first bytes. An MPEG frame begins with eleven ones; its layer tells MP3 from AAC in ADTS. */
const signs: readonly Sign[] = [
  ['an MP3 file', (bytes, text) => text.startsWith('ID3') || isMpeg(bytes, (layer) => layer !== 0)],
  ['an AAC file', (bytes) => isMpeg(bytes, (layer) => layer === 0)],
  ['an MP4 or M4A file', (_, text) => text.slice(4, 8) === 'ftyp'],
  ['an Ogg Opus file', (_, text) => text.startsWith('OggS') && text.includes('OpusHead')],
  ['an Ogg file', (_, text) => text.startsWith('OggS')],
  ['a FLAC file', (_, text) => text.startsWith('fLaC')],
  ['an AMR file', (_, text) => text.startsWith('#!AMR')],
  ['an AIFF file', (_, text) => text.startsWith('FORM')],
  ['a Sun audio file', (_, text) => text.startsWith('.snd')],
  ['a WebM or Matroska file', (bytes) => [0x1a, 0x45, 0xdf, 0xa3].every((byte, i) => bytes[i] === byte)],
  ['a Windows Media file', (bytes) => [0x30, 0x26, 0xb2, 0x75].every((byte, i) => bytes[i] === byte)],
  ['a big-endian WAV file (RIFX)', (_, text) => text.startsWith('RIFX')],
  ['a Wave64 file', (_, text) => text.startsWith('riff')],
];

function isMpeg(bytes: Uint8Array, ofLayer: (layer: number) => boolean): boolean {
  const [first = 0, second = 0] = bytes;
  return first === 0xff && (second & 0xe0) === 0xe0 && ofLayer((second >> 1) & 3);
}

export function nameOfFile(file: Uint8Array): string {
  const text = String.fromCharCode(...file.subarray(0, 48));
  const sign = signs.find(([, test]) => test(file, text));
  if (sign) return `it is ${sign[0]}; a WAV file is wanted. ${convert}`;
  return 'the file does not begin with RIFF … WAVE';
}
