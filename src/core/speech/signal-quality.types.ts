export interface SignalQuality {
  /** RMS of the kept speech, dB relative to full scale. */
  readonly speechLevelDbfs: number;
  /** Estimated speech to background ratio; null until both have been heard. */
  readonly snrDb: number | null;
  /** Share of speech samples that are clipped, at full scale or below it, 0 to 1. */
  readonly clippedShare: number;
  /** Share of speech that stands in for packets lost upstream: repeated or cut out, 0 to 1. */
  readonly concealedShare: number;
}
