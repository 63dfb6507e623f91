import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FromWorker, StreamItem, StreamOutputs, ToWorker, WorkerEvent } from './messages.js';
import type { SileroDetector } from './silero-detector.js';
import type { SpeakerEncoder } from './speaker-encoder.js';
import {
  StreamAnalysis,
  type SegmentRequest,
  type StreamOutput,
  type StreamPlan,
} from './stream-analysis.js';

interface HostedStream {
  readonly id: number;
  readonly analysis: StreamAnalysis;
  readonly inbox: StreamItem[];
  /** Items given to the analysis whose windows are not all through the VAD. */
  taken: number;
  itemsDone: number;
}

/**
 * Rounds over all streams of this worker: one VAD window of each stream that has one waiting in a single run, then the
 * segments that became due, together. Batches grow by themselves as load does: what arrives during a round waits for the next.
 */
export class AnalysisLoop {
  private readonly streams = new Map<number, HostedStream>();
  private running = false;

  constructor(
    private readonly detector: SileroDetector,
    /** By model id. */
    private readonly encoders: ReadonlyMap<string, SpeakerEncoder>,
    private readonly plan: StreamPlan,
    private readonly post: (message: FromWorker) => void,
  ) {}

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'open': {
        const analysis = new StreamAnalysis(message.format, message.start, this.plan, message.models);
        this.streams.set(message.stream, { id: message.stream, analysis, inbox: [], taken: 0, itemsDone: 0 });
        return;
      }
      case 'items':
        for (const { stream, item } of message.items) this.streams.get(stream)?.inbox.push(item);
        if (!this.running) void this.run();
        return;
      case 'use-models':
        this.streams.get(message.stream)?.analysis.useModels(message.models);
        return;
      case 'close':
        this.streams.delete(message.stream);
        return;
    }
  }

  private async run(): Promise<void> {
    this.running = true;
    let busy = true;
    while (busy) {
      for (const stream of this.streams.values()) takeItems(stream);
      busy = await this.detectSpeech();
      await this.deliver();
      // Lets messages in: a closed stream must not wait for the others' backlog.
      await nextTurn();
      busy ||= [...this.streams.values()].some((stream) => stream.inbox.length > 0);
    }
    this.running = false;
  }

  private async detectSpeech(): Promise<boolean> {
    const batch = [...this.streams.values()].flatMap((stream) => {
      const window = stream.analysis.nextWindow();
      return window ? [{ stream, window }] : [];
    });
    if (batch.length === 0) return false;
    const probabilities = await this.detector.probabilities(batch.map(({ window }) => window));
    for (const [i, { stream }] of batch.entries()) stream.analysis.accept(probabilities[i] ?? 0);
    return true;
  }

  private async deliver(): Promise<void> {
    const waiting = [...this.streams.values()].map((stream) => ({
      stream,
      outputs: stream.analysis.takeOutputs(),
    }));
    const requests = waiting.flatMap(({ outputs }) =>
      outputs.filter((output) => output.kind === 'segment-request'),
    );
    const embeddings = await this.embed(requests);
    const told: StreamOutputs[] = [];
    for (const { stream, outputs } of waiting) {
      // Closed while the embeddings were made.
      if (!this.streams.has(stream.id)) continue;
      const events = outputs.flatMap((output) => toEvents(output, embeddings));
      const itemsDone = stream.itemsDone;
      stream.itemsDone = 0;
      if (events.length > 0 || itemsDone > 0) told.push({ stream: stream.id, events, itemsDone });
    }
    if (told.length > 0) this.post({ kind: 'outputs', outputs: told });
  }

  private async embed(requests: readonly SegmentRequest[]): Promise<Embeddings> {
    const byRequest: Embeddings = new Map(requests.map((request) => [request, []]));
    for (const [modelId, encoder] of this.encoders) {
      const wanting = requests.filter(({ models }) => models.includes(modelId));
      if (wanting.length === 0) continue;
      const embeddings = await encoder.embed(wanting.map(({ segment }) => segment));
      for (const [i, request] of wanting.entries()) {
        const embedding = embeddings[i] ?? new Float32Array(0);
        byRequest.get(request)?.push({ modelId, embedding });
      }
    }
    return byRequest;
  }
}

type Embeddings = Map<SegmentRequest, { modelId: string; embedding: Float32Array }[]>;

/** Items are taken while no window waits, so that a gap or a flush comes after all the audio before it. */
function takeItems(stream: HostedStream): void {
  for (;;) {
    if (stream.analysis.nextWindow() !== undefined) return;
    stream.itemsDone += stream.taken;
    stream.taken = 0;
    const item = stream.inbox.shift();
    if (item === undefined) return;
    stream.analysis.take(item);
    stream.taken = 1;
  }
}

function toEvents(output: StreamOutput, embeddings: Embeddings): WorkerEvent[] {
  if (output.kind === 'progress') return [output];
  const made = embeddings.get(output) ?? [];
  return made.map((ofModel) => ({ kind: 'segment', ...ofModel, ...output.rest }));
}
