import { StreamDecoder } from '../../core/audio/decoder.js';
import type { StreamFormat } from '../../core/audio/stream-format.js';
import type { SpeechDecision } from '../../core/speech/speech-decider.js';
import { SpeechJudge } from '../../core/speech/speech-judge.js';
import { FrontEndLane, type LaneWork, type ModelPlan } from './front-end-lane.js';
import type { StreamItem, StreamStart, WorkerEvent, WorkerSegment } from './messages.js';
import type { ListeningPlan, Work } from './model-listener.js';
import { vadStateSize, vadWindowSamples, type VadInput } from './silero-detector.js';
import { VadWindows } from './vad-windows.js';

export interface StreamPlan {
  /** By model id; models that share a front end share the lane. */
  readonly models: ReadonlyMap<string, ModelPlan>;
  readonly speech: SpeechDecision;
}

/** Speech that still has to go through a model's networks. */
export interface EmbeddingRequest {
  readonly kind: 'embedding-request';
  readonly modelId: string;
  readonly work: Work;
  readonly rest: Pick<WorkerSegment, 'totalNetSpeechMs' | 'quality' | 'arrivedAtMs'>;
}

export type StreamOutput = Extract<WorkerEvent, { kind: 'progress' }> | EmbeddingRequest;

/** Shorter losses are as pauses are: the voice goes on. A lossy line would otherwise begin anew every few words. */
const anewAfterMs = 1000;

/** Progress is told at whole multiples of this stream time, so that chunking does not change when. */
const progressEveryMs = 250;

/** The decoder gives 8 kHz, and a front end for anything else is refused. */
const sampleRateHz = 8000;
const toMs = (samples: number): number => (samples * 1000) / sampleRateHz;

/** One stream's way from bytes to segments; the two networks are run outside, for many streams at once. */
export class StreamAnalysis {
  private readonly decoder: StreamDecoder;
  private readonly windows = new VadWindows();
  private readonly vadState = new Float32Array(vadStateSize);
  private readonly judge: SpeechJudge;
  /** By the key of their front end. */
  private lanes = new Map<string, FrontEndLane>();
  private outputs: StreamOutput[] = [];

  /** A section is audio without a gap; sample counts restart with each. */
  private sectionStartMs: number;
  private sectionSamples = 0;
  private settledWindows = 0;
  private lastWindowIsSpeech = false;
  private nextProgressMs: number;
  private lastArrivedAtMs = 0;
  /** Audio missing since the last that came. */
  private missingMs = 0;

  constructor(
    format: StreamFormat,
    private readonly start: StreamStart,
    private readonly plan: StreamPlan,
    models: readonly string[],
    private readonly evidenceWindowMs?: number,
  ) {
    this.decoder = new StreamDecoder(format);
    this.judge = new SpeechJudge(plan.speech);
    this.useModels(models);
    this.sectionStartMs = start.positionMs;
    this.nextProgressMs = start.positionMs + progressEveryMs;
  }

  /** A front end that is in use already goes on with what it has gathered; one that no model needs any more is let go. */
  useModels(models: readonly string[]): void {
    const lanes = new Map<string, FrontEndLane>();
    const listening = new Map<FrontEndLane, Map<string, ListeningPlan>>();
    for (const model of models) {
      const plan = this.plan.models.get(model);
      if (plan === undefined) throw new Error(`the model ${model} is not loaded`);
      const lane = lanes.get(plan.frontEndKey) ?? this.laneOf(plan);
      lanes.set(plan.frontEndKey, lane);
      listening.set(
        lane,
        (listening.get(lane) ?? new Map<string, ListeningPlan>()).set(model, plan.listening),
      );
    }
    for (const [lane, plans] of listening) lane.useModels(plans);
    this.lanes = lanes;
  }

  /** Of models that keep sums: what was heard before this stream time takes no part in what comes. */
  forgetBefore(positionMs: number): void {
    for (const lane of this.lanes.values()) lane.forgetBefore(positionMs);
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
    this.lastArrivedAtMs = arrivedAtMs;
    this.missingMs = 0;
    const { caller, agent } = this.decoder.decodeBoth(bytes);
    this.sectionSamples += caller.length;
    this.windows.add(caller, arrivedAtMs, agent);
    for (const lane of this.lanes.values()) lane.push(caller);
  }

  /** Time goes on without audio. The VAD's memory stays (it is the same call), but nothing reaches over the gap. */
  private gap(durationMs: number): void {
    this.settleRest(this.lastArrivedAtMs);
    this.missed(durationMs);
    this.sectionStartMs = this.receivedMs() + durationMs;
    this.sectionSamples = 0;
    this.settledWindows = 0;
    this.lastWindowIsSpeech = false;
    this.decoder.reset();
    for (const lane of this.lanes.values()) lane.reset();
    this.windows.reset();
    this.judge.startSection();
    this.progressUpTo(this.sectionStartMs);
  }

  private flush(arrivedAtMs: number): void {
    this.settleRest(arrivedAtMs);
    for (const lane of this.lanes.values()) this.request(lane.rest(), arrivedAtMs);
    this.progress(this.receivedMs());
  }

  private receivedMs(): number {
    return this.sectionStartMs + toMs(this.sectionSamples);
  }

  private missed(durationMs: number): void {
    const before = this.missingMs;
    this.missingMs += durationMs;
    if (before >= anewAfterMs || this.missingMs < anewAfterMs) return;
    for (const lane of this.lanes.values()) this.request(lane.startAnew(), this.lastArrivedAtMs);
  }

  private laneOf({ frontEnd, frontEndKey }: ModelPlan): FrontEndLane {
    return (
      this.lanes.get(frontEndKey) ??
      new FrontEndLane(frontEnd, this.sectionSamples, this.netSpeechMs(), this.evidenceWindowMs)
    );
  }

  /** Decides all that waits for windows that won't come; frames past the last whole window go with it. */
  private settleRest(arrivedAtMs: number): void {
    for (const isSpeech of this.judge.drain()) this.settle(isSpeech, arrivedAtMs);
    this.takeFrames(this.lastWindowIsSpeech, Infinity, arrivedAtMs);
  }

  private settle(isSpeech: boolean, arrivedAtMs: number): void {
    this.lastWindowIsSpeech = isSpeech;
    this.settledWindows += 1;
    const endSample = this.settledWindows * vadWindowSamples;
    this.takeFrames(isSpeech, endSample, arrivedAtMs);
    this.progressUpTo(this.sectionStartMs + toMs(endSample));
  }

  private takeFrames(isSpeech: boolean, endSample: number, arrivedAtMs: number): void {
    for (const lane of this.lanes.values()) {
      this.request(lane.settle(isSpeech, endSample, this.sectionStartMs), arrivedAtMs);
    }
  }

  private netSpeechMs(): number {
    const [lane] = this.lanes.values();
    return lane?.netSpeechMs ?? this.start.netSpeechMs;
  }

  private request(due: readonly LaneWork[], arrivedAtMs: number): void {
    for (const { modelId, work, totalNetSpeechMs } of due) {
      const rest = { totalNetSpeechMs, quality: this.judge.quality(), arrivedAtMs };
      this.outputs.push({ kind: 'embedding-request', modelId, work, rest });
    }
  }

  private progressUpTo(positionMs: number): void {
    if (positionMs >= this.nextProgressMs) this.progress(positionMs);
  }

  private progress(positionMs: number): void {
    const passed = Math.floor((positionMs - this.start.positionMs) / progressEveryMs);
    this.nextProgressMs = this.start.positionMs + (passed + 1) * progressEveryMs;
    this.outputs.push({
      kind: 'progress',
      positionMs,
      netSpeechMs: this.netSpeechMs(),
      quality: this.judge.quality(),
    });
  }
}
