import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FromWorker, StreamItem, ToWorker, WorkerEvent } from './messages.js';
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
    private readonly encoder: SpeakerEncoder,
    private readonly plan: StreamPlan,
    private readonly post: (message: FromWorker) => void,
  ) {}

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'open': {
        const analysis = new StreamAnalysis(message.format, message.start, this.plan);
        this.streams.set(message.stream, { id: message.stream, analysis, inbox: [], taken: 0, itemsDone: 0 });
        return;
      }
      case 'item':
        this.streams.get(message.stream)?.inbox.push(message.item);
        if (!this.running) void this.run();
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
    for (const { stream, outputs } of waiting) {
      // Closed while the embeddings were made.
      if (!this.streams.has(stream.id)) continue;
      const events = outputs.map((output) => toEvent(output, embeddings));
      const itemsDone = stream.itemsDone;
      stream.itemsDone = 0;
      if (events.length > 0 || itemsDone > 0)
        this.post({ kind: 'output', stream: stream.id, events, itemsDone });
    }
  }

  private async embed(requests: readonly SegmentRequest[]): Promise<Map<SegmentRequest, Float32Array>> {
    const embeddings = await this.encoder.embed(requests.map(({ segment }) => segment));
    return new Map(requests.map((request, i) => [request, embeddings[i] ?? new Float32Array(0)]));
  }
}

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

function toEvent(output: StreamOutput, embeddings: ReadonlyMap<SegmentRequest, Float32Array>): WorkerEvent {
  if (output.kind === 'progress') return output;
  return { kind: 'segment', embedding: embeddings.get(output) ?? new Float32Array(0), ...output.rest };
}
