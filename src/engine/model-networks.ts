import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type {
  EachFrameOnceManifest,
  ModelManifest,
  WholeSegmentsManifest,
} from '../core/features/manifest.js';
import { expectEqual, readPinnedFile } from './pinned-file.js';

/** The ONNX files' very bytes that were hashed. */
export type Networks =
  | { readonly form: 'whole segments'; readonly manifest: WholeSegmentsManifest; readonly onnx: Buffer }
  | {
      readonly form: 'each frame once';
      readonly manifest: EachFrameOnceManifest;
      readonly frames: Buffer;
      readonly pool: Buffer;
    };

export async function readNetworks(path: string, manifest: ModelManifest): Promise<Networks> {
  if (manifest.form !== 'each frame once') {
    const onnx = await readPinnedFile(join(path, manifest.file), manifest.sha256);
    return { form: 'whole segments', manifest, onnx };
  }
  const frames = await readPinnedFile(join(path, manifest.frames.file), manifest.frames.sha256);
  const pool = await readPinnedFile(join(path, manifest.pool.file), manifest.pool.sha256);
  const found = createHash('sha256').update(frames).update(pool).digest('hex');
  expectEqual(path, 'sha256 (of both files, frames before pool)', manifest.sha256, found);
  expectEqual(
    path,
    'pool.input (frames.outputs.sums)',
    manifest.frames.outputs.sums.slice(1).join(' × '),
    manifest.pool.input.slice(1).join(' × '),
  );
  return { form: 'each frame once', manifest, frames, pool };
}
