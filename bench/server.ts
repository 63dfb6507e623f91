/** A Timbre of its own process for the benchmark, so that what it uses is not mixed with what the callers use. */
import { randomBytes } from 'node:crypto';
import { roles, type Role } from '../src/core/auth/principal.js';
import { TokensService } from '../src/modules/installation/tokens/tokens.service.js';
import { TenantsService } from '../src/modules/installation/tenants/tenants.service.js';
import { loadConfig } from '../src/platform/config/config.js';
import { startTimbre } from '../src/start.js';
import { descendantsCpuMs } from './process-tree.js';
import { ThreadProfiler } from './thread-profile.js';

export interface BenchServer {
  readonly url: string;
  readonly tokens: Record<Role, string>;
  /** From the start of the process until calls are taken. */
  readonly startMs: number;
}

export interface BenchUsage {
  /** Of this process, all its threads. */
  readonly cpuMs: number;
  /** Of PostgreSQL; null where it can't be told. */
  readonly databaseCpuMs: number | null;
  /** The most since the last question. */
  readonly peakRssMiB: number;
}

export type BenchQuestion = 'usage' | 'profile' | 'profiled';

const timbre = await startTimbre(
  loadConfig({ TIMBRE_LOG_LEVEL: 'error', TIMBRE_HTTP_PORT: '0', ...process.env }),
);
const startMs = performance.now();
const tenantId = await timbre.app
  .get(TenantsService, { strict: false })
  .create(randomBytes(4).toString('hex'));
const tokens = timbre.app.get(TokensService, { strict: false });
const made: Partial<Record<Role, string>> = {};
for (const role of roles) {
  made[role] = (await tokens.create(tenantId, { role, label: 'bench', expiresAt: undefined })).token;
}
process.send?.({ url: timbre.url, tokens: made, startMs });

let peakRssMiB = 0;
const look = (): void => {
  peakRssMiB = Math.max(peakRssMiB, process.memoryUsage.rss() / 2 ** 20);
};
setInterval(look, 1000).unref();

async function usage(): Promise<BenchUsage> {
  look();
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1000;
  const answer = { cpuMs, databaseCpuMs: await descendantsCpuMs(process.pid), peakRssMiB };
  peakRssMiB = 0;
  return answer;
}

const profiler = new ThreadProfiler();
const answers: Record<BenchQuestion, () => Promise<unknown>> = {
  usage,
  profile: () => profiler.start().then(() => 'profiling'),
  profiled: () => profiler.stop(),
};

process.on('message', (message: BenchQuestion | 'stop') => {
  if (message === 'stop') void timbre.close().then(() => process.exit(0));
  else void answers[message]().then((answer) => process.send?.(answer));
});
