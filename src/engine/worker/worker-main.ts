import { parentPort, workerData } from 'node:worker_threads';
import type { SegmentPlan } from '../../core/speech/segment-cutter.js';
import { ModelRefusedError, readModelFolder, type ModelFolder } from '../model-folder.js';
import { AnalysisLoop } from './analysis-loop.js';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.js';
import { SileroDetector } from './silero-detector.js';
import { SpeakerEncoder } from './speaker-encoder.js';

/** The entry of an analysis worker thread: loads and checks the two networks, then serves its streams. */

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

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('worker-main runs in a worker thread only');
  const post = (message: FromWorker): void => {
    port.postMessage(message);
  };
  const setup = workerData as WorkerSetup;
  try {
    const model = await readModelFolder(setup.modelDir);
    const plan = {
      frontEnd: model.frontEnd,
      segment: segmentPlan(model, setup.segment),
      speech: setup.speech,
    };
    const loop = new AnalysisLoop(await SileroDetector.load(), await SpeakerEncoder.load(model), plan, post);
    port.on('message', (message: ToWorker) => {
      loop.receive(message);
    });
    post({ kind: 'ready' });
  } catch (error) {
    post({ kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

await main();
