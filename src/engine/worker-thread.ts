import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerSetup } from './worker/messages.js';

/**
 * The worker's compiled entry. From dist/ it lies beside this file; when this file itself runs as TypeScript (Jest), a
 * thread still needs JavaScript, so it is the one that `npm run build` put under dist/.
 */
function workerEntry(): string {
  const here = fileURLToPath(import.meta.url);
  const entry = here.endsWith('.ts')
    ? fileURLToPath(new URL('../../dist/src/engine/worker/worker-main.js', import.meta.url))
    : fileURLToPath(new URL('./worker/worker-main.js', import.meta.url));
  if (!existsSync(entry)) throw new Error(`the analysis worker ${entry} is missing: run npm run build first`);
  return entry;
}

/** A fresh analysis worker thread. It inherits no Node options: a test runner's loaders have no business in it. */
export function startWorkerThread(setup: WorkerSetup): Worker {
  return new Worker(workerEntry(), { workerData: setup, execArgv: [], name: 'timbre-analysis' });
}
