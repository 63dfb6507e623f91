import { StreamDecoder } from '../../core/audio/decoder.js';
import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { Segment } from '../../core/speech/segment-cutter.js';
import type { SpeechDecision } from '../../core/speech/speech-decider.js';
import { SpeechJudge } from '../../core/speech/speech-judge.js';
import { FrontEndLane, type LanePlan, type LaneSegment } from './front-end-lane.js';
import type { StreamItem, StreamStart, WorkerEvent, WorkerSegment } from './messages.js';
import { VAD_STATE_SIZE, VAD_WINDOW_SAMPLES, type VadInput } from './silero-detector.js';
import { VadWindows } from './vad-windows.js';

export interface StreamPlan {
  /** By model id; models that share a front end share the lane. */
  readonly lanes: ReadonlyMap<string, LanePlan>;
  readonly speech: SpeechDecision;
}

/** A segment that still needs its embeddings, one of each of these models. */
export interface SegmentRequest {
  readonly kind: 'segment-request';
  readonly segment: Segment;
  readonly models: readonly string[];
  readonly rest: Omit<WorkerSegment, 'kind' | 'modelId' | 'embedding'>;
}

interface LaneInUse {
  readonly lane: FrontEndLane;
  readonly models: string[];
}

export type StreamOutput = Extract<WorkerEvent, { kind: 'progress' }> | SegmentRequest;

/** Progress is told at whole multiples of this stream time, so that chunking does not change when. */
const PROGRESS_EVERY_MS = 250;

/** The decoder gives 8 kHz, and a front end for anything else is refused. */
const SAMPLE_RATE_HZ = 8000;
const toMs = (samples: number): number => (samples * 1000) / SAMPLE_RATE_HZ;

/** One stream's way from bytes to segments; the two networks are run outside, for many streams at once. */
export class StreamAnalysis {
  private readonly decoder: StreamDecoder;
  private readonly windows = new VadWindows();
  private readonly vadState = new Float32Array(VAD_STATE_SIZE);
  private readonly judge: SpeechJudge;
  private lanes: readonly LaneInUse[] = [];
  private outputs: StreamOutput[] = [];

  /** A section is audio without a gap; sample counts restart with each. */
  private sectionStartMs: number;
  private sectionSamples = 0;
  private settledWindows = 0;
  private lastWindowIsSpeech = false;
  private nextProgressMs: number;

  constructor(
    format: StreamFormat,
    private readonly start: StreamStart,
    private readonly plan: StreamPlan,
    models: readonly string[],
  ) {
    this.decoder = new StreamDecoder(format);
    this.judge = new SpeechJudge(plan.speech);
    this.useModels(models);
    this.sectionStartMs = start.positionMs;
    this.nextProgressMs = start.positionMs + PROGRESS_EVERY_MS;
  }

  /** A front end that is in use already goes on with what it has gathered; one that no model needs any more is let go. */
  useModels(models: readonly string[]): void {
    const lanes = new Map<string, LaneInUse>();
    for (const model of models) {
      const plan = this.plan.lanes.get(model);
      if (plan === undefined) throw new Error(`the model ${model} is not loaded`);
      const known = lanes.get(plan.key);
      if (known) known.models.push(model);
      else lanes.set(plan.key, { lane: this.laneOf(plan), models: [model] });
    }
    this.lanes = [...lanes.values()];
  }

  take(item: StreamItem): void {
    if (item.kind === 'audio') this.audio(item.bytes, item.arrivedAtMs);
    else if (item.kind === 'gap') this.gap(item.durationMs);
    else this.flush(item.arrivedAtMs);
  }

  /** The next window for the VAD; its answer goes to `accept` before the next is asked for. Digital silence is no question. */
  nextWindow(): VadInput | undefined {
    while (this.windows.peek()?.isSilent === true) this.accept(0);
    const window = this.windows.peek();
    return window && { samples: window.input, state: this.vadState };
  }

  accept(probability: number): void {
    const window = this.windows.shift();
    if (window === undefined) return;
    for (const isSpeech of this.judge.push(window, probability)) this.settle(isSpeech, window.arrivedAtMs);
  }

  takeOutputs(): StreamOutput[] {
    const outputs = this.outputs;
    this.outputs = [];
    return outputs;
  }

  private audio(bytes: Uint8Array, arrivedAtMs: number): void {
    const { caller, agent } = this.decoder.decodeBoth(bytes);
    this.sectionSamples += caller.length;
    this.windows.add(caller, arrivedAtMs, agent);
    for (const { lane } of this.lanes) lane.push(caller);
  }

  /** Time goes on without audio. The VAD's memory stays (it is the same call), but nothing reaches over the gap. */
  private gap(durationMs: number): void {
    this.settleRest(0);
    this.sectionStartMs = this.receivedMs() + durationMs;
    this.sectionSamples = 0;
    this.settledWindows = 0;
    this.lastWindowIsSpeech = false;
    this.decoder.reset();
    for (const { lane } of this.lanes) lane.reset();
    this.windows.reset();
    this.judge.startSection();
    this.progressUpTo(this.sectionStartMs);
  }

  private flush(arrivedAtMs: number): void {
    this.settleRest(arrivedAtMs);
    for (const { lane, models } of this.lanes) this.request(lane.rest(), models, arrivedAtMs);
    this.progress(this.receivedMs());
  }

  private receivedMs(): number {
    return this.sectionStartMs + toMs(this.sectionSamples);
  }

  private laneOf(plan: LanePlan): FrontEndLane {
    const inUse = this.lanes.find(({ lane }) => lane.plan.key === plan.key);
    return inUse?.lane ?? new FrontEndLane(plan, this.sectionSamples, this.netSpeechMs());
  }

  /** Decides all that waits for windows that won't come; frames past the last whole window go with it. */
  private settleRest(arrivedAtMs: number): void {
    for (const isSpeech of this.judge.drain()) this.settle(isSpeech, arrivedAtMs);
    this.takeFrames(this.lastWindowIsSpeech, Infinity, arrivedAtMs);
  }

  private settle(isSpeech: boolean, arrivedAtMs: number): void {
    this.lastWindowIsSpeech = isSpeech;
    this.settledWindows += 1;
    const endSample = this.settledWindows * VAD_WINDOW_SAMPLES;
    this.takeFrames(isSpeech, endSample, arrivedAtMs);
    this.progressUpTo(this.sectionStartMs + toMs(endSample));
  }

  private takeFrames(isSpeech: boolean, endSample: number, arrivedAtMs: number): void {
    for (const { lane, models } of this.lanes) {
      this.request(lane.settle(isSpeech, endSample, this.sectionStartMs), models, arrivedAtMs);
    }
  }

  private netSpeechMs(): number {
    return this.lanes[0]?.lane.netSpeechMs ?? this.start.netSpeechMs;
  }

  private request(segments: readonly LaneSegment[], models: readonly string[], arrivedAtMs: number): void {
    for (const segment of segments) {
      const { startMs, endMs, netSpeechMs, totalNetSpeechMs } = segment;
      const quality = this.judge.quality();
      const rest = { startMs, endMs, netSpeechMs, totalNetSpeechMs, quality, arrivedAtMs };
      this.outputs.push({ kind: 'segment-request', segment, models, rest });
    }
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
      quality: this.judge.quality(),
    });
  }
}
