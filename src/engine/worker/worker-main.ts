import { parentPort, workerData } from 'node:worker_threads';
import { readModelFolders, type ModelFolder } from '../model-folder.js';
import { AnalysisLoop } from './analysis-loop.js';
import type { ModelPlan } from './front-end-lane.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';
import type { ModelEncoder } from './model-encoder.js';
import { modelPlan } from './model-plan.js';
import { PieceEncoder } from './piece-encoder.js';
import { SileroDetector } from './silero-detector.js';
import { SpeakerEncoder } from './speaker-encoder.js';

/** The entry of an analysis worker thread: loads and checks its networks, then serves its streams. */

function loadEncoder({ networks, path }: ModelFolder): Promise<ModelEncoder> {
  return networks.form === 'whole segments'
    ? SpeakerEncoder.load(networks, path)
    : PieceEncoder.load(networks, path);
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('worker-main runs in a worker thread only');
  const post = (message: FromWorker): void => {
    port.postMessage(message);
  };
  const setup = workerData as WorkerSetup;
  try {
    const models = new Map<string, ModelPlan>();
    const encoders = new Map<string, ModelEncoder>();
    for (const model of await readModelFolders([setup.modelDir, ...setup.previousModelDirs])) {
      models.set(model.manifest.id, modelPlan(model, setup.segment));
      encoders.set(model.manifest.id, await loadEncoder(model));
    }
    const plan = { models, speech: setup.speech };
    const loop = new AnalysisLoop(await SileroDetector.load(), encoders, plan, post);
    port.on('message', (message: ToWorker) => {
      loop.receive(message);
      // Nothing keeps the thread then but a run it may be in.
      if (message.kind === 'leave') port.close();
    });
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

await main();
