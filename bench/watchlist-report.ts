/** `matrix`: the search itself; `thread`: to its thread and back, as a call sees it; `loop`: plain JavaScript, to compare with. */
export type WatchlistWay = 'matrix' | 'thread' | 'loop';

export interface WatchlistRow {
  readonly entries: number;
  readonly way: WatchlistWay;
  /** Segments searched for together. */
  readonly batch: number;
  readonly msPerSegmentP50: number;
  readonly msPerSegmentP95: number;
  readonly mib: number;
}

export interface WatchlistReport {
  readonly rows: readonly WatchlistRow[];
}
