export interface SignalQuality {
  /** RMS of the kept speech, dB relative to full scale. */
  readonly speechLevelDbfs: number;
  /** Estimated speech to background ratio; null until both have been heard. */
  readonly snrDb: number | null;
  /** Share of speech samples at full scale, 0 to 1. */
  readonly clippedShare: number;
}
