import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FromWorker, StreamItem, StreamOutputs, ToWorker, WorkerEvent } from './messages.js';
import type { SileroDetector } from './silero-detector.js';
import type { Embedded, ModelEncoder } from './model-encoder.js';
import {
  StreamAnalysis,
  type EmbeddingRequest,
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
 * speech that became due for the models, together. Batches grow by themselves as load does: what arrives during a round waits for the next.
 */
export class AnalysisLoop {
  private readonly streams = new Map<number, HostedStream>();
  private running = false;

  constructor(
    private readonly detector: SileroDetector,
    /** By model id. */
    private readonly encoders: ReadonlyMap<string, ModelEncoder>,
    private readonly plan: StreamPlan,
    private readonly post: (message: FromWorker) => void,
  ) {}

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'open': {
        const { stream: id, format, start, models, evidenceWindowMs } = message;
        const analysis = new StreamAnalysis(format, start, this.plan, models, evidenceWindowMs);
        this.streams.set(id, { id, analysis, inbox: [], taken: 0, itemsDone: 0 });
        return;
      }
      case 'items':
        for (const { stream, item } of message.items) this.streams.get(stream)?.inbox.push(item);
        if (!this.running) void this.run();
        return;
      case 'use-models':
        this.streams.get(message.stream)?.analysis.useModels(message.models);
        return;
      case 'forget-before':
        this.streams.get(message.stream)?.analysis.forgetBefore(message.positionMs);
        return;
      case 'close':
        this.streams.delete(message.stream);
        return;
      case 'leave':
        this.streams.clear();
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
      outputs.filter((output) => output.kind === 'embedding-request'),
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

  private async embed(requests: readonly EmbeddingRequest[]): Promise<Embeddings> {
    const made: Embeddings = new Map();
    for (const [id, encoder] of this.encoders) {
      const own = requests.filter(({ modelId }) => modelId === id);
      if (own.length === 0) continue;
      const embedded = await encoder.embed(own.map(({ work }) => work));
      for (const [i, request] of own.entries()) made.set(request, embedded[i]);
    }
    return made;
  }
}

/** Undefined: too little of the voice was heard yet. */
type Embeddings = Map<EmbeddingRequest, Embedded | undefined>;

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
  const embedded = embeddings.get(output);
  return embedded ? [{ kind: 'segment', modelId: output.modelId, ...embedded, ...output.rest }] : [];
}
