import type { AudioEncoding, StreamRateHz } from '../../src/core/audio/stream-format.js';
import type { CallAudio } from './call-audio.js';
import type { CallFacts, CallWire } from './wire.js';

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** A protocol that the simulator speaks: what its command line takes and how its wire is made. */
export interface Speaker<Options> {
  /** Its own options; several protocols may share a name. */
  readonly options: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;
  /** One line per option, as the usage shows them. */
  readonly usage: string;
  readonly encodings: readonly AudioEncoding[];
  readonly ratesHz: readonly StreamRateHz[];
  /** Throws UsageError. */
  read(values: OptionValues, env: Environment): Options;
  wire(audio: CallAudio, facts: CallFacts, options: Options, url: string): CallWire;
}
