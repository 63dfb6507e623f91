import ort from 'onnxruntime-node';
import { withQuietEdges } from '../../core/features/quiet-edges.js';
import type { SummedSpeech } from '../../core/speaker/voice-sums.js';
import type { Networks } from '../model-networks.js';
import type { Embedded, ModelEncoder } from './model-encoder.js';
import type { PieceWork, Work } from './model-listener.js';
import { checkMetadata, sessionOptions } from './onnx-session.js';

type PieceNetworks = Extract<Networks, { form: 'each frame once' }>;

/** More at once cost as much each and make the others wait. */
const maxBatch = 8;

function check({ manifest }: PieceNetworks, path: string, sessions: Sessions): void {
  const { frames, pool } = manifest;
  const tensor = (name: string, shape: readonly (string | number)[]): string =>
    `${name} float32 [${shape.join(', ')}]`;
  const { inputs, outputs } = frames;
  checkMetadata(`${path}/${frames.file}`, sessions.frames, {
    input: [tensor('mel', inputs.mel), tensor('first', inputs.first), tensor('state', inputs.state)],
    output: [tensor('sums', outputs.sums), tensor('nextState', outputs.nextState)],
  });
  checkMetadata(`${path}/${pool.file}`, sessions.pool, {
    input: [tensor('sums', pool.input)],
    output: [tensor('embedding', pool.output)],
  });
}

interface Sessions {
  readonly frames: ort.InferenceSession;
  readonly pool: ort.InferenceSession;
}

/** Networks through which each frame goes once: pieces give sums, and embeddings are made of the sums of any stretch. */
export class PieceEncoder implements ModelEncoder {
  private constructor(
    private readonly sessions: Sessions,
    private readonly manifest: PieceNetworks['manifest'],
  ) {}

  static async load(networks: PieceNetworks, path: string): Promise<PieceEncoder> {
    const sessions = {
      frames: await ort.InferenceSession.create(networks.frames, sessionOptions),
      pool: await ort.InferenceSession.create(networks.pool, sessionOptions),
    };
    check(networks, path, sessions);
    return new PieceEncoder(sessions, networks.manifest);
  }

  async embed(works: readonly Work[]): Promise<(Embedded | undefined)[]> {
    const pieces = works.filter((work) => work.form === 'each frame once');
    const stretches = new Map<PieceWork, Stretches>();
    for (const turn of turnsOf(pieces)) {
      for (const batch of batchesOf(turn)) await this.hear(batch);
      for (const work of turn) stretches.set(work, stretchesOf(work));
    }
    const asked = [...stretches.values()].flatMap(({ newest, all }) =>
      [newest, all].filter((speech) => speech !== undefined),
    );
    const embeddings = await this.pool(asked);
    return pieces.map((work) => {
      const { newest, all } = stretches.get(work) ?? {};
      const embedding = newest && embeddings.get(newest);
      if (!newest || !embedding) return undefined;
      const { startMs, endMs, netSpeechMs } = newest;
      const whole = all && embeddings.get(all);
      const made = { embedding, startMs, endMs, netSpeechMs };
      if (!all || !whole) return made;
      const evidence = { embedding: whole, startMs: all.startMs, netSpeechMs: all.netSpeechMs };
      return { ...made, evidence };
    });
  }

  /** Pieces of one kind and length, of different voices. */
  private async hear(batch: readonly PieceWork[]): Promise<void> {
    const { inputs, firstEdges } = this.manifest.frames;
    const bands = inputs.mel[2];
    const stateSize = inputs.state[1];
    const given = batch.map(({ piece: { mel, isFirst } }) =>
      isFirst && firstEdges ? withQuietEdges(mel, bands, firstEdges) : mel,
    );
    const size = given[0]?.length ?? 0;
    const mels = new Float32Array(batch.length * size);
    const firsts = new Float32Array(batch.length);
    const states = new Float32Array(batch.length * stateSize);
    for (const [i, { piece, voice }] of batch.entries()) {
      mels.set(given[i] ?? [], i * size);
      firsts[i] = piece.isFirst ? 1 : 0;
      if (!piece.isFirst && voice.state) states.set(voice.state, i * stateSize);
    }
    const { sums, nextState } = await this.sessions.frames.run({
      mel: new ort.Tensor('float32', mels, [batch.length, size / bands, bands]),
      first: new ort.Tensor('float32', firsts, [batch.length]),
      state: new ort.Tensor('float32', states, [batch.length, stateSize]),
    });
    const sumsOfAll = sums?.data as Float32Array;
    const statesOfAll = nextState?.data as Float32Array;
    const sumsSize = sumsOfAll.length / batch.length;
    for (const [i, { voice, startMs, endMs, netSpeechMs, fromNetSpeechMs }] of batch.entries()) {
      voice.state = statesOfAll.slice(i * stateSize, (i + 1) * stateSize);
      const own = sumsOfAll.slice(i * sumsSize, (i + 1) * sumsSize);
      voice.sums.add({ sums: own, startMs, endMs, netSpeechMs, fromNetSpeechMs });
    }
  }

  private async pool(asked: readonly SummedSpeech[]): Promise<Map<SummedSpeech, Float32Array>> {
    const embeddings = new Map<SummedSpeech, Float32Array>();
    if (asked.length === 0) return embeddings;
    const [, parts, units] = this.manifest.pool.input;
    const [, size] = this.manifest.pool.output;
    const sums = new Float32Array(asked.length * parts * units);
    for (const [i, speech] of asked.entries()) sums.set(speech.sums, i * parts * units);
    const { embedding } = await this.sessions.pool.run({
      sums: new ort.Tensor('float32', sums, [asked.length, parts, units]),
    });
    const all = embedding?.data as Float32Array;
    for (const [i, speech] of asked.entries()) embeddings.set(speech, all.slice(i * size, (i + 1) * size));
    return embeddings;
  }
}

/** What embeddings are made of after a piece. */
interface Stretches {
  readonly newest: SummedSpeech | undefined;
  readonly all: SummedSpeech | undefined;
}

function stretchesOf({ voice: { sums }, segmentMs, isRest }: PieceWork): Stretches {
  const isEnough = isRest || sums.heldMs >= segmentMs;
  return isEnough
    ? { newest: sums.newest(segmentMs), all: sums.all() }
    : { newest: undefined, all: undefined };
}

/** A voice's pieces one after another: each needs the state that the one before left. */
function turnsOf(pieces: readonly PieceWork[]): PieceWork[][] {
  const turns: PieceWork[][] = [];
  const takenOf = new Map<PieceWork['voice'], number>();
  for (const work of pieces) {
    const turn = takenOf.get(work.voice) ?? 0;
    takenOf.set(work.voice, turn + 1);
    (turns[turn] ??= []).push(work);
  }
  return turns;
}

function batchesOf(turn: readonly PieceWork[]): PieceWork[][] {
  const byKind = new Map<string, PieceWork[]>();
  for (const work of turn) {
    const { frames, isFirst } = work.piece;
    const kind = `${frames} ${isFirst}`;
    byKind.set(kind, [...(byKind.get(kind) ?? []), work]);
  }
  return [...byKind.values()].flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / maxBatch) }, (_, i) =>
      list.slice(i * maxBatch, (i + 1) * maxBatch),
    ),
  );
}
