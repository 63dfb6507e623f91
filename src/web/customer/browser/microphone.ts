import { Resampler } from './pcm.js';

export type MicrophoneProblem = 'denied' | 'none' | 'busy' | 'unsupported';

export type Opening =
  | { readonly kind: 'open'; readonly microphone: Microphone }
  | { readonly kind: 'failed'; readonly problem: MicrophoneProblem };

/** What Timbre takes; it resamples to 8 kHz itself. */
const takenHz: readonly number[] = [48_000, 24_000, 16_000, 8000];
const resampledHz = 16_000;

/** The voice as it is: what cleans up calls also changes voices. The level may be set for the person. */
const constraints: MediaStreamConstraints = {
  audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true },
};

const problems: Readonly<Record<string, MicrophoneProblem>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** The browser's microphone, from the moment it may be used until it is let go. */
export class Microphone {
  private constructor(
    readonly sampleRateHz: number,
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
  ) {}

  /** `heard` gets blocks of samples at `sampleRateHz`; `lost` is called when the microphone is taken away. */
  static async open(heard: (samples: Float32Array) => void, lost: () => void): Promise<Opening> {
    // Neither is there on a page that was not loaded over TLS.
    if (!('mediaDevices' in navigator) || !('audioWorklet' in AudioContext.prototype))
      return { kind: 'failed', problem: 'unsupported' };
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia(constraints);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      return { kind: 'failed', problem: problems[name] ?? 'unsupported' };
    }
    for (const track of stream.getTracks()) track.addEventListener('ended', lost, { once: true });
    try {
      return { kind: 'open', microphone: await Microphone.listen(stream, heard) };
    } catch {
      stopTracks(stream);
      return { kind: 'failed', problem: 'unsupported' };
    }
  }

  private static async listen(
    stream: MediaStream,
    heard: (samples: Float32Array) => void,
  ): Promise<Microphone> {
    const { context, source } = connect(stream);
    await context.audioWorklet.addModule('/me/js/capture-worklet.js');
    const capture = new AudioWorkletNode(context, 'timbre-capture', { numberOfOutputs: 0, channelCount: 1 });
    const isTaken = takenHz.includes(context.sampleRate);
    const resampler = isTaken ? null : new Resampler(context.sampleRate, resampledHz);
    capture.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      heard(resampler?.process(data) ?? data);
    };
    source.connect(capture);
    await context.resume();
    return new Microphone(isTaken ? context.sampleRate : resampledHz, stream, context);
  }

  /** Lets go of it: the browser's sign that it is on goes out. */
  async close(): Promise<void> {
    stopTracks(this.stream);
    if (this.context.state !== 'closed') await this.context.close();
  }
}

/** At 48 kHz where the browser resamples by itself; Firefox wants the sound card's own rate. */
function connect(stream: MediaStream): { context: AudioContext; source: MediaStreamAudioSourceNode } {
  const wanted = new AudioContext({ sampleRate: 48_000 });
  try {
    return { context: wanted, source: wanted.createMediaStreamSource(stream) };
  } catch {
    void wanted.close();
    const context = new AudioContext();
    return { context, source: context.createMediaStreamSource(stream) };
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
