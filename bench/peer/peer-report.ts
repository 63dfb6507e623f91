export interface PeerSide {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly embeddings: number;
  readonly netSpeechMs: number;
  readonly audioMs: number;
}

export interface PeerReport {
  readonly peer: string;
  readonly audioSeconds: number;
  /** Of the round in the middle. */
  readonly ours: PeerSide;
  readonly theirs: PeerSide;
  readonly cpuMsPerSecond: { readonly ours: number; readonly theirs: number };
  /** Ours divided by theirs, the middle of three rounds. */
  readonly ratio: number;
  readonly ratioPerEmbedding: number;
}
