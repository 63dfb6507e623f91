/** What TypeScript's DOM library does not know of an AudioWorkletGlobalScope. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** 43 ms at 48 kHz: often enough for a meter, seldom enough for a phone. */
const blockSamples = 2048;

/** Hands what the microphone hears to the page, a block at a time. */
class Capture extends AudioWorkletProcessor {
  private block = new Float32Array(blockSamples);
  private filled = 0;

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channel = inputs[0]?.[0];
    if (channel === undefined) return true;
    for (const sample of channel) {
      this.block[this.filled] = sample;
      this.filled += 1;
      if (this.filled < blockSamples) continue;
      this.port.postMessage(this.block, [this.block.buffer]);
      this.block = new Float32Array(blockSamples);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('timbre-capture', Capture);
