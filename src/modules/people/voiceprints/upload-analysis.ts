import { Inject, Injectable } from '@nestjs/common';
import { bytesIn, durationMs, type StreamFormat } from '../../../core/audio/stream-format.js';
import { ANALYSIS_ENGINE, type AnalysisEngine } from '../../../engine/engine.port.js';
import { Gathering, type GatheredResult } from './gathering.js';

const chunkMs = 2000;
/** Audio handed to the engine that it has not finished: enough to keep a worker busy, little enough to leave room for live calls. */
const aheadMs = 10_000;

/** Runs one recording through the engine. Asks nobody for consent: who calls it has. */
@Injectable()
export class UploadAnalysis {
  constructor(@Inject(ANALYSIS_ENGINE) private readonly engine: AnalysisEngine) {}

  /** `stop` ends it at once, and nothing of the voice is left. */
  async run(format: StreamFormat, data: Uint8Array, stop: AbortSignal): Promise<GatheredResult> {
    const gathering = new Gathering();
    const stream = this.engine.open({ format, maxWaitingMs: 0 }, (event) => {
      gathering.take(event);
    });
    const onStop = (): void => {
      gathering.end('stopped');
      stream.close();
    };
    stop.addEventListener('abort', onStop, { once: true });
    if (stop.aborted) onStop();
    try {
      const chunkBytes = bytesIn(chunkMs, format);
      for (let from = 0; from < data.length && gathering.goesOn(); from += chunkBytes) {
        await gathering.reached(durationMs(from, format) - aheadMs);
        if (gathering.goesOn()) stream.push(data.slice(from, from + chunkBytes));
      }
      // Flushing cuts what is left into a last segment, so it is done once and at the end.
      if (gathering.goesOn()) await stream.flush();
      return gathering.result();
    } finally {
      stop.removeEventListener('abort', onStop);
      stream.close();
    }
  }
}
