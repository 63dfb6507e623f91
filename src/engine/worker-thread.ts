import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ToWorker, WorkerSetup } from './worker/messages.js';

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

/** Far longer than any run takes; a thread that hangs must not keep the process alive. */
const leaveWithinMs = 5000;

/**
 * Ends a worker thread that has not ended yet. ONNX Runtime's binding throws where nobody catches it, and takes the process
 * along (exit code 134, seen with onnxruntime-node 1.30), when a thread is terminated inside a run: so the thread is asked.
 */
export async function letLeave(worker: Worker): Promise<void> {
  const left = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      resolve();
    });
  });
  const leave: ToWorker = { kind: 'leave' };
  worker.postMessage(leave);
  const inTime = new AbortController();
  await Promise.race([
    left,
    delay(leaveWithinMs, undefined, { signal: inTime.signal }).catch(() => undefined),
  ]);
  inTime.abort();
  await worker.terminate();
}
