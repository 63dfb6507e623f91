/** All callers of one step of the benchmark, in a process of their own: one timer, packets made beforehand. */
import { packetMs, speakersOf } from './conversation.js';
import { Line } from './line.js';

export interface CallersTask {
  readonly url: string;
  readonly token: string;
  readonly calls: number;
  /** Speech enough for a first decision, before anything is measured. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly manner: 'continuous' | 'conversation';
}

export type CallersMessage =
  | { readonly kind: 'measuring' }
  | { readonly kind: 'measured' }
  | { readonly kind: 'report'; readonly report: CallersReport };

export interface CallersReport {
  /** As a caller sees it; docs/performance.md says from where to where. */
  readonly decisionMs: readonly number[];
  /** First decisions as Timbre measures them, from the arrival of the audio. */
  readonly serverDecisionMs: readonly number[];
  readonly droppedMs: number;
  readonly lostMs: number;
  readonly cutOff: number;
  /** How late the callers' own packets were: over a few milliseconds the measurement itself is not to be trusted. */
  readonly latenessMs: { readonly p95: number; readonly max: number };
}

/** So many calls come in together. */
const dialledAtOnce = 10;

process.once('message', (task) => {
  void play(task as CallersTask);
});
process.on('disconnect', () => process.exit(0));

async function play(task: CallersTask): Promise<void> {
  const lines = await dialAll(task);
  const late = await talk(lines, task);
  // What is decided once more because a call ends is no measure of how soon it is in mid-call.
  const decisionMs = lines.flatMap((line) => line.decisionMs);
  const codes = await Promise.all(lines.map((line) => line.hangUp()));
  late.sort((a, b) => a - b);
  const results = lines.flatMap(({ result }) => (result ? [result] : []));
  tell({
    kind: 'report',
    report: {
      decisionMs,
      serverDecisionMs: results.flatMap(({ firstDecision }) =>
        firstDecision ? [firstDecision.latencyMs] : [],
      ),
      droppedMs: results.reduce((sum, { audio }) => sum + audio.droppedMs, 0),
      lostMs: results.reduce((sum, { audio }) => sum + audio.lostMs, 0),
      cutOff: codes.filter((code) => code !== 1000).length,
      latenessMs: { p95: late[Math.floor(late.length * 0.95)] ?? 0, max: late.at(-1) ?? 0 },
    },
  });
}

async function dialAll({ url, token, calls, manner }: CallersTask): Promise<Line[]> {
  const speakers = await speakersOf('samples/speech', manner);
  const lines: Line[] = [];
  while (lines.length < calls) {
    const next = Array.from({ length: Math.min(dialledAtOnce, calls - lines.length) }, (_, i) => {
      const call = lines.length + i;
      const speaker = speakers[call % speakers.length];
      if (!speaker) throw new Error('there are no speakers');
      // Started apart in the recording, so that no two calls are in step.
      return Line.dial(url, token, speaker, (call * 37) % speaker.packets.length);
    });
    lines.push(...(await Promise.all(next)));
  }
  return lines;
}

/** Sends at talking speed, the calls spread over a packet; returns how late each packet was. */
function talk(lines: readonly Line[], { warmUpSeconds, seconds }: CallersTask): Promise<number[]> {
  const late: number[] = [];
  const everyMs = packetMs / lines.length;
  const warmUpPackets = (warmUpSeconds * 1000) / packetMs;
  const packets = warmUpPackets + (seconds * 1000) / packetMs;
  const startedMs = performance.now();
  let sent = 0;
  return new Promise((resolve) => {
    const step = (): void => {
      const nowMs = performance.now() - startedMs;
      for (; sent * everyMs <= nowMs; sent++) {
        if (sent === warmUpPackets * lines.length) {
          for (const line of lines) line.decisionMs = [];
          tell({ kind: 'measuring' });
        }
        if (sent === packets * lines.length) {
          tell({ kind: 'measured' });
          resolve(late);
          return;
        }
        late.push(nowMs - sent * everyMs);
        lines[sent % lines.length]?.send(Math.floor(sent / lines.length));
      }
      setTimeout(step, 1);
    };
    step();
  });
}

function tell(message: CallersMessage): void {
  process.send?.(message);
}
