import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { littleEndianFloats } from '../../src/engine/model-folder.js';
import { UsageError } from './arguments.js';

const numbersSchema = z.array(z.number());

/** A centre as `GET /v1/centre` gives it, or as timbre-calibrate writes it. */
export async function readCentre(path: string, embeddingSize: number): Promise<Float32Array> {
  const bytes = await readFile(path);
  const centre = path.endsWith('.json') ? fromJson(path, bytes) : littleEndianFloats(bytes);
  if (centre.length !== embeddingSize)
    throw new UsageError(`${path}: ${centre.length} numbers, the model's embeddings have ${embeddingSize}`);
  return centre;
}

function fromJson(path: string, bytes: Buffer): Float32Array {
  try {
    return Float32Array.from(numbersSchema.parse(JSON.parse(bytes.toString())));
  } catch {
    throw new UsageError(`${path}: a JSON list of numbers is wanted`);
  }
}
