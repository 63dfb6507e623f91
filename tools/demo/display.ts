import type { CallResult } from '../../src/core/calls/result.js';

const barCells = 24;
const marks: Record<CallResult['agent']['state'], string> = {
  verified: '✔',
  'not-verified': '✘',
  'not-sure-yet': '…',
  'not-enrolled': '○',
  'no-voice-check': '–',
  'voiceprint-expired': '○',
  'high-risk': '▲',
};

/** Prints one line a change, and below them, on a terminal, a bar for every call whose speech is being collected. */
export class Display {
  private readonly bars = new Map<string, string>();
  private drawn = 0;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly startedAtMs: number,
  ) {}

  line(text: string): void {
    this.erase();
    this.out.write(`${text}\n`);
    this.draw();
  }

  change(name: string, result: CallResult): void {
    const { state, title, reason } = result.agent;
    const seconds = ((Date.now() - this.startedAtMs) / 1000).toFixed(1).padStart(5);
    this.line(`${seconds} s  ${marks[state]} ${name.padEnd(32)} ${title} – ${reason}`);
  }

  progress(name: string, { agent }: CallResult): void {
    const before = this.bars.get(name);
    if (agent.progress) this.bars.set(name, bar(name, agent.progress));
    else this.bars.delete(name);
    if (this.bars.get(name) === before) return;
    if (!this.out.isTTY && agent.progress) this.out.write(`${bar(name, agent.progress)}\n`);
    this.erase();
    this.draw();
  }

  private erase(): void {
    if (this.drawn > 0) this.out.write(`\u001b[${this.drawn}A\u001b[0J`);
    this.drawn = 0;
  }

  private draw(): void {
    if (!this.out.isTTY) return;
    for (const text of this.bars.values()) this.out.write(`${text}\n`);
    this.drawn = this.bars.size;
  }
}

function bar(name: string, { netSpeechMs, neededMs }: { netSpeechMs: number; neededMs: number }): string {
  const filled = Math.min(barCells, Math.floor((netSpeechMs / neededMs) * barCells));
  const seconds = `${(netSpeechMs / 1000).toFixed(1)} of ${(neededMs / 1000).toFixed(1)} s of speech`;
  return `         … ${name.padEnd(32)} [${'█'.repeat(filled)}${'·'.repeat(barCells - filled)}] ${seconds}`;
}
