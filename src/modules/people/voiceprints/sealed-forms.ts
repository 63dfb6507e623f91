import type { EnrolmentStretch } from '../../../core/speaker/enrolment.js';

/** How vectors lie under the seal: little-endian 32-bit floats, whatever this machine's own order is. */
export function packVector(vector: Float32Array): Buffer {
  const packed = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => packed.writeFloatLE(value, index * 4));
  return packed;
}

export function unpackVector(packed: Buffer): Float32Array {
  return Float32Array.from({ length: packed.length / 4 }, (_, index) => packed.readFloatLE(index * 4));
}

interface StretchHeader {
  readonly netSpeechMs: number;
  readonly quality: Omit<EnrolmentStretch['quality'], 'concealedShare'> & {
    readonly concealedShare?: number;
  };
  readonly segmentsNetSpeechMs: readonly number[];
}

/** header length (4) | header (JSON) | vectors, one after the other */
export function packStretch(stretch: EnrolmentStretch): Buffer {
  const header: StretchHeader = {
    netSpeechMs: stretch.netSpeechMs,
    quality: stretch.quality,
    segmentsNetSpeechMs: stretch.embeddings.map(({ netSpeechMs }) => netSpeechMs),
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, ...stretch.embeddings.map(({ embedding }) => packVector(embedding))]);
}

export function unpackStretch(packed: Buffer): EnrolmentStretch {
  const vectorsFrom = 4 + packed.readUInt32LE(0);
  // Written by packStretch and authenticated by the seal: nobody else can have put it here.
  const header = JSON.parse(packed.toString('utf8', 4, vectorsFrom)) as StretchHeader;
  const vectors = packed.subarray(vectorsFrom);
  const bytes = vectors.length / Math.max(1, header.segmentsNetSpeechMs.length);
  return {
    netSpeechMs: header.netSpeechMs,
    // Stretches sealed before concealment was measured have no share of it.
    quality: { ...header.quality, concealedShare: header.quality.concealedShare ?? 0 },
    embeddings: header.segmentsNetSpeechMs.map((netSpeechMs, index) => ({
      netSpeechMs,
      embedding: unpackVector(vectors.subarray(index * bytes, (index + 1) * bytes)),
    })),
  };
}
