import { firstOfTwo, isDualMono } from '../../../core/audio/dual-mono.js';
import { bytesPerFrame, type StreamFormat } from '../../../core/audio/stream-format.js';
import { parseWav, type WavNote, type WavRefusal } from '../../../core/audio/wav.js';
import { ProblemError } from '../../../platform/http/problem.js';

export interface Recording {
  readonly format: StreamFormat;
  readonly data: Uint8Array;
  /** What is odd about it; it was read all the same. */
  readonly notes: readonly RecordingNote[];
}

export type RecordingNote = WavNote | 'same-on-both-channels';

const refusals: Record<
  WavRefusal,
  { readonly status: number; readonly slug: string; readonly title: string }
> = {
  'not-wav': { status: 415, slug: 'not-audio', title: 'The file is not a WAV recording' },
  empty: { status: 400, slug: 'empty-audio', title: 'The recording is empty' },
  truncated: { status: 400, slug: 'truncated-audio', title: 'The recording is cut short' },
  'unsupported-codec': {
    status: 415,
    slug: 'unsupported-audio',
    title: 'This encoding of audio is not supported',
  },
  'unsupported-rate': { status: 415, slug: 'unsupported-audio', title: 'This sample rate is not supported' },
  'too-many-channels': {
    status: 415,
    slug: 'unsupported-audio',
    title: 'The recording has too many channels',
  },
};

/** The uploaded file as a stream of the caller's voice, or why it can't be. Takes the file over: of two channels that are one, the second is overwritten. */
export function readRecording(
  file: Uint8Array,
  callerChannel: 0 | 1 | undefined,
  maxSeconds: number,
): Recording {
  const wav = parseWav(file);
  if (wav.kind === 'refused') {
    const { status, slug, title } = refusals[wav.reason];
    throw new ProblemError(status, slug, title, { detail: wav.detail });
  }
  if (wav.durationMs > maxSeconds * 1000) {
    throw new ProblemError(413, 'audio-too-long', 'The recording is too long', {
      detail: `It lasts ${Math.round(wav.durationMs / 1000)} s; at most ${maxSeconds} s are taken.`,
    });
  }
  const { data, format, notes } = wav;
  const { channels } = format;
  const sampleBytes = bytesPerFrame({ ...format, channels: 1 });
  if (channels === 2 && isDualMono(data, sampleBytes)) {
    const mono = { ...format, channels: 1, callerChannel: 0 } as const;
    return { format: mono, data: firstOfTwo(data, sampleBytes), notes: [...notes, 'same-on-both-channels'] };
  }
  if (channels === 2 && callerChannel === undefined) {
    throw channelProblem(
      'caller-channel-missing',
      'The recording is stereo: say which channel is the customer',
      '0 or 1',
    );
  }
  if (channels === 1 && callerChannel === 1) {
    throw channelProblem('caller-channel-absent', 'The recording has one channel only', '0 or nothing');
  }
  return { format: { ...format, callerChannel: callerChannel ?? 0 }, data, notes };
}

function channelProblem(slug: string, title: string, expected: string): ProblemError {
  return new ProblemError(400, slug, title, { errors: [{ field: 'callerChannel', expected }] });
}
