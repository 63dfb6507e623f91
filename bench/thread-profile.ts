import { Session, type Profiler } from 'node:inspector/promises';

/** Where a thread spent its time, in milliseconds, by what its code is for. */
export interface ThreadProfile {
  readonly thread: string;
  readonly ms: Readonly<Record<string, number>>;
}

const purposes: readonly (readonly [string, RegExp])[] = [
  ['networks (ONNX Runtime)', /onnxruntime/],
  ['FFT (Meyda)', /node_modules\/meyda/],
  ['mel bands and segments', /core\/features|front-end-lane|segment-cutter/],
  ['speech and quality', /core\/speech/],
  ['decoding', /core\/audio/],
  ['engine: queues, batches, threads', /src\/engine|node:internal\/(worker|per_context\/messageport)/],
  ['calls, scores and results', /src\/(core|modules|telephony)/],
  ['event log and database', /typeorm|node_modules\/pg|dist\/(parser|buffer-writer|serializer)/],
  ['sockets', /node_modules\/ws|platform\/ws|node:(net|internal\/(stream|js_stream|streams))/],
];

/** The thread waited. */
const idle = 'idle';

/** Profiles this process: its main thread and its workers. */
export class ThreadProfiler {
  private readonly session = new Session();
  private readonly workers = new Map<string, string>();
  private lastId = 0;

  async start(): Promise<void> {
    this.session.connect();
    this.session.on('NodeWorker.attachedToWorker', ({ params }) => {
      this.workers.set(params.sessionId, params.workerInfo.title);
    });
    await this.session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    await this.session.post('Profiler.enable');
    await this.session.post('Profiler.start');
    for (const worker of this.workers.keys()) {
      await this.ask(worker, 'Profiler.enable');
      await this.ask(worker, 'Profiler.start');
    }
  }

  async stop(): Promise<ThreadProfile[]> {
    const { profile } = await this.session.post('Profiler.stop');
    const profiles = [{ thread: 'main thread', ms: byPurpose(profile, 'native code') }];
    for (const [worker, thread] of this.workers) {
      const stopped = await this.ask<{ profile: Profiler.Profile }>(worker, 'Profiler.stop');
      // The only native functions that an analysis thread calls.
      profiles.push({ thread, ms: byPurpose(stopped.profile, 'networks (ONNX Runtime)') });
    }
    await this.session.post('NodeWorker.disable');
    this.session.disconnect();
    return profiles;
  }

  private async ask<T>(sessionId: string, method: string): Promise<T> {
    const id = (this.lastId += 1);
    const message = JSON.stringify({ id, method });
    const answered = new Promise<T>((resolve) => {
      const hear = ({ params }: { params: { sessionId: string; message: string } }): void => {
        const answer = JSON.parse(params.message) as { id?: number; result?: T };
        if (params.sessionId !== sessionId || answer.id !== id) return;
        this.session.off('NodeWorker.receivedMessageFromWorker', hear);
        resolve(answer.result as T);
      };
      this.session.on('NodeWorker.receivedMessageFromWorker', hear);
    });
    await this.session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
    return answered;
  }
}

/** `nameless`: what functions without a name and a file are for, which are those of native modules. */
function byPurpose(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  nameless: string,
): Record<string, number> {
  const purposeOf = new Map(nodes.map((node) => [node.id, purpose(node.callFrame) ?? nameless]));
  const ms: Record<string, number> = {};
  samples.forEach((node, i) => {
    const name = purposeOf.get(node);
    if (name !== undefined && name !== idle) ms[name] = (ms[name] ?? 0) + (timeDeltas[i] ?? 0) / 1000;
  });
  return ms;
}

/** Undefined for nameless functions. */
function purpose({ functionName, url }: Profiler.ProfileNode['callFrame']): string | undefined {
  if (functionName === '(idle)') return idle;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code';
  if (functionName === '' && url === '') return undefined;
  // What Node itself does in C++ between JavaScript calls, and its writes.
  if (functionName === 'writev' || functionName === 'writeBuffer' || functionName === 'writeUtf8String')
    return 'sockets';
  if (functionName === 'postMessage') return 'engine: queues, batches, threads';
  return purposes.find(([, where]) => where.test(url))?.[0] ?? 'the rest';
}
