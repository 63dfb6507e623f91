/**
 * Mel energies with `edgeFrames` more on either side, in which each band lies at the mean of its logarithms: to a network that
 * takes this mean away they are nothing. A network that needs so many frames on both sides of each one gives its sums of the
 * outermost frames, too. `floorShare`: of the mean energy, which the network adds before it takes logarithms.
 */
export function withQuietEdges(
  mel: Float32Array,
  bands: number,
  { edgeFrames, floorShare }: { readonly edgeFrames: number; readonly floorShare: number },
): Float32Array {
  const frames = mel.length / bands;
  const floor = (floorShare * mel.reduce((sum, energy) => sum + energy, 0)) / mel.length;
  const logs = new Float64Array(bands);
  mel.forEach((energy, i) => (logs[i % bands] = (logs[i % bands] ?? 0) + Math.log(energy + floor)));
  const edge = Float32Array.from(logs, (log) => Math.max(0, Math.exp(log / frames) - floor));
  const padded = new Float32Array(mel.length + 2 * edgeFrames * bands);
  padded.set(mel, edgeFrames * bands);
  for (let i = 0; i < edgeFrames; i++) {
    padded.set(edge, i * bands);
    padded.set(edge, (edgeFrames + frames + i) * bands);
  }
  return padded;
}
