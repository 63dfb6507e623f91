import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

export interface Machine {
  /** Processors, memory, kernel and Node in one line. */
  readonly text: string;
  /** How many processes wanted a processor in the last minute: above the number of processors a time is not the machine's own. */
  readonly loadAverage: number;
}

export function machine(): Machine {
  const processors = cpus();
  const name = processors[0]?.model ?? 'unknown processor';
  const memory = `${String(Math.round(totalmem() / 2 ** 30))} GiB`;
  const text = `${processors.length} × ${name}${extensions()}, ${memory}, ${platform()} ${release()}, Node ${process.version}`;
  return { text, loadAverage: Math.round((loadavg()[0] ?? NaN) * 10) / 10 };
}

/** What the networks and the watchlist run on, where Linux tells it. */
function extensions(): string {
  const flags = cpuFlags();
  const known = ['avx2', 'avx512f', 'avx512_vnni', 'amx_bf16', 'amx_int8'].filter((flag) => flags.has(flag));
  return known.length > 0 ? ` (${known.join(' ')})` : '';
}

function cpuFlags(): ReadonlySet<string> {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return new Set(flags.trim().split(' '));
  } catch {
    return new Set();
  }
}

/** Which processors the measured process has to itself and which are left to what drives it; null where neither can be held there. */
export interface Placement {
  readonly measured: string;
  readonly rest: string;
}

export function placement(): Placement | null {
  const last = cpus().length - 1;
  if (last < 1 || !hasTaskset()) return null;
  return { measured: String(last), rest: last === 1 ? '0' : `0-${last - 1}` };
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
