import type { InferenceSession } from 'onnxruntime-node';
import { ModelRefusedError } from '../pinned-file.js';

/** One thread per session: the pool already has a worker per core, and more would only wait for each other. */
export const sessionOptions: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1 };

/** Symbolic sizes go by their name, fixed ones by their number. */
function describe(value: InferenceSession.ValueMetadata): string {
  return value.isTensor ? `${value.name} ${value.type} [${value.shape.join(', ')}]` : 'no tensor';
}

/** Each side as `name type [shape]`, in the network's order. */
export function checkMetadata(
  where: string,
  session: InferenceSession,
  expected: Readonly<Record<'input' | 'output', readonly string[]>>,
): void {
  const found = { input: session.inputMetadata, output: session.outputMetadata };
  for (const side of ['input', 'output'] as const) {
    const wanted = expected[side].join(' and ');
    const actual = found[side].map(describe).join(' and ');
    if (actual !== wanted) throw new ModelRefusedError(where, `${side}: expected ${wanted}, found ${actual}`);
  }
}
