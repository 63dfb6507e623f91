/** A Timbre of its own process for the benchmark, so that what it uses is not mixed with what the callers use. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roles, type Role } from '../src/core/auth/principal.js';
import { TokensService } from '../src/modules/auth/tokens.service.js';
import { TenantsService } from '../src/modules/tenants/tenants.service.js';
import { loadConfig } from '../src/platform/config/config.js';
import { startTimbre } from '../src/start.js';

export interface BenchServer {
  readonly url: string;
  readonly tokens: Record<Role, string>;
  readonly startMs: number;
}
export interface BenchUsage {
  readonly cpuMs: number;
  readonly rssMiB: number;
  /** The most since the last question. */
  readonly peakRssMiB: number;
}

const began = performance.now();
const dataDir = await mkdtemp(join(tmpdir(), 'timbre-bench-'));
const timbre = await startTimbre(
  loadConfig({ TIMBRE_LOG_LEVEL: 'error', TIMBRE_HTTP_PORT: '0', TIMBRE_DATA_DIR: dataDir, ...process.env }),
);
const startMs = performance.now() - began;
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
const rssMiB = (): number => process.memoryUsage.rss() / 2 ** 20;
setInterval(() => {
  peakRssMiB = Math.max(peakRssMiB, rssMiB());
}, 250).unref();

process.on('message', (message) => {
  if (message === 'usage') {
    const { user, system } = process.cpuUsage();
    process.send?.({
      cpuMs: (user + system) / 1000,
      rssMiB: rssMiB(),
      peakRssMiB: Math.max(peakRssMiB, rssMiB()),
    });
    peakRssMiB = 0;
  }
  if (message === 'stop') {
    void timbre
      .close()
      .then(() => rm(dataDir, { recursive: true, force: true }))
      .then(() => process.exit(0));
  }
});
