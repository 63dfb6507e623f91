import type { ModelManifest } from '../core/features/manifest.js';
import type { ModelDescription } from './engine.port.js';

/** Segments as this model gives them: one that hears each frame once gives one a piece, of whole pieces. */
export function segmentOf(
  manifest: ModelManifest,
  wanted: ModelDescription['segment'],
): ModelDescription['segment'] {
  if (manifest.form !== 'each frame once') return wanted;
  const { frontEnd, frames } = manifest;
  const hopMs = (frames.newFrames * frontEnd.hopSamples * 1000) / frontEnd.sampleRateHz;
  return { lengthMs: Math.ceil(wanted.lengthMs / hopMs) * hopMs, hopMs };
}
