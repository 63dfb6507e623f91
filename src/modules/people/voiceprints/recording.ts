import { parseWav, type WavRefusal } from '../../../core/audio/wav.js';
import type { StreamFormat } from '../../../core/audio/stream-format.js';
import { ProblemError } from '../../../platform/http/problem.js';

export interface Recording {
  readonly format: StreamFormat;
  readonly data: Uint8Array;
}

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

/** The uploaded file as a stream of the caller's voice, or why it can't be. */
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
  const { channels } = wav.format;
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
  return { format: { ...wav.format, callerChannel: callerChannel ?? 0 }, data: wav.data };
}

function channelProblem(slug: string, title: string, expected: string): ProblemError {
  return new ProblemError(400, slug, title, { errors: [{ field: 'callerChannel', expected }] });
}
