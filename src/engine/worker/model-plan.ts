import type { SegmentPlan } from '../../core/speech/segment-cutter.js';
import type { ModelFolder } from '../model-folder.js';
import { ModelRefusedError } from '../pinned-file.js';
import { segmentOf } from '../segment-of-model.js';
import type { ModelPlan } from './front-end-lane.js';
import type { WorkerSetup } from './messages.js';
import type { ListeningPlan } from './model-listener.js';

/** When a stream ends, half a second of new speech is worth one more embedding; less than that adds next to nothing. */
const minNewSpeechAtEndMs = 500;

export function modelPlan(model: ModelFolder, segment: WorkerSetup['segment']): ModelPlan {
  const { frontEnd, manifest } = model;
  const listening = listeningPlan(model, segment);
  return { frontEnd, frontEndKey: JSON.stringify(manifest.frontEnd), listening };
}

function listeningPlan(model: ModelFolder, segment: WorkerSetup['segment']): ListeningPlan {
  const { manifest, frontEnd } = model;
  if (manifest.form !== 'each frame once') {
    return { form: 'whole segments', segment: segmentPlan(model, manifest.minFrames, segment) };
  }
  const { newFrames, firstFrames, seenBefore, shortestPiece, shortestFirst } = manifest.frames;
  const { lengthMs, hopMs } = segmentOf(manifest, segment);
  const bands = frontEnd.bands.length;
  const piece = { newFrames, firstFrames, seenBefore, shortestPiece, shortestFirst, bands };
  return { form: 'each frame once', piece, segmentMs: lengthMs, pieceMs: hopMs };
}

function segmentPlan(model: ModelFolder, minFrames: number, segment: WorkerSetup['segment']): SegmentPlan {
  const { sampleRateHz, hopSamples, bands } = model.frontEnd;
  const frames = (ms: number): number => Math.round((ms * sampleRateHz) / 1000 / hopSamples);
  const lengthFrames = frames(segment.lengthMs);
  const hopFrames = frames(segment.hopMs);
  if (lengthFrames < minFrames || hopFrames < 1 || hopFrames > lengthFrames) {
    throw new ModelRefusedError(
      model.path,
      `segments of ${segment.lengthMs} ms every ${segment.hopMs} ms: expected ${minFrames} frames or more, and a hop of 1 to that`,
    );
  }
  const minNewFramesAtEnd = frames(minNewSpeechAtEndMs);
  return { lengthFrames, hopFrames, minFrames, minNewFramesAtEnd, bands: bands.length };
}
