import { StreamDecoder } from '../../core/audio/decoder.js';
import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { FrontEndPlan } from '../../core/features/front-end-plan.js';
import { MelFrontEnd, type MelFrame } from '../../core/features/mel-front-end.js';
import { SegmentCutter, type Segment, type SegmentPlan } from '../../core/speech/segment-cutter.js';
import { measureWindow, SignalQualityMeter, type WindowLevel } from '../../core/speech/signal-quality.js';
import { SpeechDecider, type SpeechDecision } from '../../core/speech/speech-decider.js';
import type { StreamItem, StreamStart, WorkerEvent, WorkerSegment } from './messages.js';
import { VAD_STATE_SIZE, VAD_WINDOW_SAMPLES, type VadInput } from './silero-detector.js';
import { VadWindows } from './vad-windows.js';

export interface StreamPlan {
  readonly frontEnd: FrontEndPlan;
  readonly segment: SegmentPlan;
  readonly speech: SpeechDecision;
}

/** A segment that still needs its embedding. */
export interface SegmentRequest {
  readonly kind: 'segment-request';
  readonly segment: Segment;
  readonly rest: Omit<WorkerSegment, 'kind' | 'embedding'>;
}

export type StreamOutput = Extract<WorkerEvent, { kind: 'progress' }> | SegmentRequest;

/** Progress is told at whole multiples of this stream time, so that chunking does not change when. */
const PROGRESS_EVERY_MS = 250;

/** One stream's way from bytes to segments; the two networks are run outside, for many streams at once. */
export class StreamAnalysis {
  private readonly decoder: StreamDecoder;
  private readonly frontEnd: MelFrontEnd;
  private readonly windows = new VadWindows();
  private readonly vadState = new Float32Array(VAD_STATE_SIZE);
  private readonly quality: SignalQualityMeter;
  private readonly cutter: SegmentCutter;
  private decider: SpeechDecider;
  private outputs: StreamOutput[] = [];

  /** A section is audio without a gap; sample counts restart with each. */
  private sectionStartMs: number;
  private sectionSamples = 0;
  private settledWindows = 0;
  private lastWindowIsSpeech = false;
  private unsettledLevels: WindowLevel[] = [];
  private unsettledFrames: MelFrame[] = [];
  private nextProgressMs: number;

  constructor(
    format: StreamFormat,
    private readonly start: StreamStart,
    private readonly plan: StreamPlan,
  ) {
    const { frontEnd, segment, speech } = plan;
    this.decoder = new StreamDecoder(format);
    this.frontEnd = new MelFrontEnd(frontEnd);
    this.decider = new SpeechDecider(speech);
    this.cutter = new SegmentCutter(segment);
    const segmentSamples = segment.lengthFrames * frontEnd.hopSamples;
    this.quality = new SignalQualityMeter(Math.ceil(segmentSamples / VAD_WINDOW_SAMPLES));
    this.sectionStartMs = start.positionMs;
    this.nextProgressMs = start.positionMs + PROGRESS_EVERY_MS;
  }

  take(item: StreamItem): void {
    if (item.kind === 'audio') this.audio(item.bytes, item.arrivedAtMs);
    else if (item.kind === 'gap') this.gap(item.durationMs);
    else this.flush(item.arrivedAtMs);
  }

  /** The next window for the VAD; its answer goes to `settle` before the next is asked for. */
  nextWindow(): VadInput | undefined {
    const window = this.windows.peek();
    return window && { samples: window.input, state: this.vadState };
  }

  accept(probability: number): void {
    const window = this.windows.shift();
    if (window === undefined) return;
    this.unsettledLevels.push(measureWindow(window.own));
    for (const isSpeech of this.decider.push(probability)) this.settle(isSpeech, window.arrivedAtMs);
  }

  takeOutputs(): StreamOutput[] {
    const outputs = this.outputs;
    this.outputs = [];
    return outputs;
  }

  private audio(bytes: Uint8Array, arrivedAtMs: number): void {
    const samples = this.decoder.decode(bytes);
    this.sectionSamples += samples.length;
    this.windows.add(samples, arrivedAtMs);
    this.unsettledFrames.push(...this.frontEnd.process(samples));
  }

  /** Time goes on without audio. The VAD's memory stays (it is the same call), but nothing reaches over the gap. */
  private gap(durationMs: number): void {
    this.settleRest(0);
    this.sectionStartMs = this.receivedMs() + durationMs;
    this.sectionSamples = 0;
    this.settledWindows = 0;
    this.lastWindowIsSpeech = false;
    this.decoder.reset();
    this.frontEnd.reset();
    this.windows.reset();
    this.decider = new SpeechDecider(this.plan.speech);
    this.progressUpTo(this.sectionStartMs);
  }

  private flush(arrivedAtMs: number): void {
    this.settleRest(arrivedAtMs);
    const rest = this.cutter.cutRest();
    if (rest) this.request(rest, arrivedAtMs);
    this.progress(this.receivedMs());
  }

  private receivedMs(): number {
    return this.sectionStartMs + this.toMs(this.sectionSamples);
  }

  private toMs(samples: number): number {
    return (samples * 1000) / this.plan.frontEnd.sampleRateHz;
  }

  /** Decides all that waits for windows that won't come; frames past the last whole window go with it. */
  private settleRest(arrivedAtMs: number): void {
    for (const isSpeech of this.decider.drain()) this.settle(isSpeech, arrivedAtMs);
    this.takeFrames(this.lastWindowIsSpeech, Infinity, arrivedAtMs);
  }

  private settle(isSpeech: boolean, arrivedAtMs: number): void {
    const level = this.unsettledLevels.shift();
    if (level) this.quality.add(level, isSpeech);
    this.lastWindowIsSpeech = isSpeech;
    this.settledWindows += 1;
    const endSample = this.settledWindows * VAD_WINDOW_SAMPLES;
    this.takeFrames(isSpeech, endSample, arrivedAtMs);
    this.progressUpTo(this.sectionStartMs + this.toMs(endSample));
  }

  /** A frame belongs to the window that holds its middle. */
  private takeFrames(isSpeech: boolean, endSample: number, arrivedAtMs: number): void {
    const middle = this.plan.frontEnd.frameSamples / 2;
    while (this.unsettledFrames[0] && this.unsettledFrames[0].startSample + middle < endSample) {
      const frame = this.unsettledFrames.shift();
      if (!isSpeech || frame === undefined) continue;
      const segment = this.cutter.keep(frame.energies, this.sectionStartMs + this.toMs(frame.startSample));
      if (segment) this.request(segment, arrivedAtMs);
    }
  }

  private netSpeechMs(): number {
    return this.start.netSpeechMs + this.toMs(this.cutter.keptFrames * this.plan.frontEnd.hopSamples);
  }

  private request(segment: Segment, arrivedAtMs: number): void {
    const { frameSamples, hopSamples } = this.plan.frontEnd;
    this.outputs.push({
      kind: 'segment-request',
      segment,
      rest: {
        startMs: segment.firstFrameMs,
        endMs: segment.lastFrameMs + this.toMs(frameSamples),
        netSpeechMs: this.toMs(segment.frames * hopSamples),
        totalNetSpeechMs: this.netSpeechMs(),
        quality: this.quality.read(),
        arrivedAtMs,
      },
    });
  }

  private progressUpTo(positionMs: number): void {
    if (positionMs >= this.nextProgressMs) this.progress(positionMs);
  }

  private progress(positionMs: number): void {
    const passed = Math.floor((positionMs - this.start.positionMs) / PROGRESS_EVERY_MS);
    this.nextProgressMs = this.start.positionMs + (passed + 1) * PROGRESS_EVERY_MS;
    this.outputs.push({
      kind: 'progress',
      positionMs,
      netSpeechMs: this.netSpeechMs(),
      quality: this.quality.read(),
    });
  }
}
