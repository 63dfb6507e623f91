/** Loudness of a block of samples, dB relative to full scale (RMS; a full-scale sine is −3). */
export function levelDbfs(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length === 0 ? Number.NEGATIVE_INFINITY : 10 * Math.log10(energy / samples.length);
}

/** 16-bit little-endian, as Timbre takes it. Beyond full scale is clipped. */
export function toL16(samples: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, index) => {
    view.setInt16(index * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), true);
  });
  return view.buffer;
}

/** Taps on each side of the middle, in output samples: the skirt then falls within a tenth of the band. */
const reach = 16;
/** Of the output's half rate: speech is not heard above, and what would fold back is gone. */
const band = 0.9;

/** From any higher rate to `toHz`, by a windowed sinc: for sound cards whose rate no whole number leads from (44.1 kHz). */
export class Resampler {
  private readonly step: number;
  private held = new Float32Array(0);
  /** Where the next output sample lies in what is held. */
  private at = 0;

  constructor(fromHz: number, toHz: number) {
    this.step = fromHz / toHz;
  }

  process(samples: Float32Array): Float32Array {
    const input = new Float32Array(this.held.length + samples.length);
    input.set(this.held);
    input.set(samples, this.held.length);
    const width = reach * this.step;
    const out: number[] = [];
    for (; this.at + width < input.length; this.at += this.step) out.push(this.sampleAt(input, width));
    const done = Math.max(0, Math.floor(this.at - width));
    this.held = input.slice(done);
    this.at -= done;
    return Float32Array.from(out);
  }

  private sampleAt(input: Float32Array, width: number): number {
    const first = Math.max(0, Math.ceil(this.at - width));
    const last = Math.floor(this.at + width);
    let sum = 0;
    for (let index = first; index <= last; index += 1) {
      const x = (index - this.at) / this.step;
      // Hann: enough for speech that is analysed at 8 kHz afterwards.
      const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / reach);
      sum += (input[index] ?? 0) * sinc(x * band) * window;
    }
    return (sum * band) / this.step;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
