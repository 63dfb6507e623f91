/** Fills `into` with the first samples of one of the interleaved channels; the bytes hold as many or more. */
export type SampleReader = (bytes: Uint8Array, into: Float32Array, channels: number, channel: number) => void;

/** All samples of one channel. */
export function readAll(reader: SampleReader, bytes: Uint8Array, sampleBytes: number): Float32Array {
  const samples = new Float32Array(Math.floor(bytes.length / sampleBytes));
  reader(bytes, samples, 1, 0);
  return samples;
}
