export interface MicroReport {
  readonly stages: readonly { readonly stage: string; readonly msPerSecond: number }[];
  readonly whole: {
    readonly audioSeconds: number;
    readonly netSpeechSeconds: number;
    readonly callsAtOnce: number;
    readonly embeddings: number;
    readonly cpuMsPerSecond: number;
    readonly networksAndFftsMsPerSecond: number;
    readonly ratio: number;
  };
}
