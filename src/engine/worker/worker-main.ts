import { parentPort, workerData } from 'node:worker_threads';
import type { SegmentPlan } from '../../core/speech/segment-cutter.js';
import { ModelRefusedError, readModelFolders, type ModelFolder } from '../model-folder.js';
import { AnalysisLoop } from './analysis-loop.js';
import type { LanePlan } from './front-end-lane.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';
import { SileroDetector } from './silero-detector.js';
import { SpeakerEncoder } from './speaker-encoder.js';

/** The entry of an analysis worker thread: loads and checks its networks, then serves its streams. */

/** When a stream ends, half a second of new speech is worth one more embedding; less than that adds next to nothing. */
const MIN_NEW_SPEECH_AT_END_MS = 500;

function segmentPlan(model: ModelFolder, segment: WorkerSetup['segment']): SegmentPlan {
  const { sampleRateHz, hopSamples, bands } = model.frontEnd;
  const frames = (ms: number): number => Math.round((ms * sampleRateHz) / 1000 / hopSamples);
  const { minFrames } = model.manifest;
  const lengthFrames = frames(segment.lengthMs);
  const hopFrames = frames(segment.hopMs);
  if (lengthFrames < minFrames || hopFrames < 1 || hopFrames > lengthFrames) {
    throw new ModelRefusedError(
      model.path,
      `segments of ${segment.lengthMs} ms every ${segment.hopMs} ms: expected ${minFrames} frames or more, and a hop of 1 to that`,
    );
  }
  return {
    lengthFrames,
    hopFrames,
    minFrames,
    minNewFramesAtEnd: frames(MIN_NEW_SPEECH_AT_END_MS),
    bands: bands.length,
  };
}

/** Models share a lane when one pass of the front end gives both their segments. */
function lanePlan(model: ModelFolder, segment: WorkerSetup['segment']): LanePlan {
  const plan = segmentPlan(model, segment);
  return { frontEnd: model.frontEnd, segment: plan, key: JSON.stringify([model.manifest.frontEnd, plan]) };
}

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('worker-main runs in a worker thread only');
  const post = (message: FromWorker): void => {
    port.postMessage(message);
  };
  const setup = workerData as WorkerSetup;
  try {
    const lanes = new Map<string, LanePlan>();
    const encoders = new Map<string, SpeakerEncoder>();
    for (const model of await readModelFolders([setup.modelDir, ...setup.previousModelDirs])) {
      lanes.set(model.manifest.id, lanePlan(model, setup.segment));
      encoders.set(model.manifest.id, await SpeakerEncoder.load(model));
    }
    const plan = { lanes, speech: setup.speech };
    const loop = new AnalysisLoop(await SileroDetector.load(), encoders, plan, post);
    port.on('message', (message: ToWorker) => {
      loop.receive(message);
    });
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

await main();
