import type { WorkerSegment } from './messages.js';
import type { Work } from './model-listener.js';

export type Embedded = Pick<WorkerSegment, 'embedding' | 'startMs' | 'endMs' | 'netSpeechMs' | 'evidence'>;

/** A model's networks. */
export interface ModelEncoder {
  /** In the order of the work; undefined where too little of the voice has been heard yet. */
  embed(works: readonly Work[]): Promise<(Embedded | undefined)[]>;
}
