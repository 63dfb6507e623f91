import type { CallersTask } from './callers.js';
import type { ThreadProfile } from './thread-profile.js';

export interface CallsReport {
  readonly machine: string;
  /** Its id. */
  readonly model: string;
  readonly manner: CallersTask['manner'];
  readonly secondsEach: number;
  /** The service, its PostgreSQL included, has one processor to itself. */
  readonly onOneCore: boolean;
  /** From the start of the process until it takes calls: with a database to be made, and with one that is there. */
  readonly startToReadyMs: { readonly first: number; readonly again: number };
  readonly rssBeforeMiB: number;
  readonly steps: readonly CallsStep[];
  readonly profile: {
    readonly calls: number;
    readonly callSeconds: number;
    readonly threads: readonly ThreadProfile[];
  };
}

export interface CallsStep {
  readonly calls: number;
  readonly decisions: number;
  /** As a caller sees it: from the sending of the last audio that a decision needed to its arrival. */
  readonly decisionMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  /** As Timbre tells it of first decisions: from the arrival of the audio. */
  readonly serverDecisionP95Ms: number;
  readonly droppedMs: number;
  readonly cutOff: number;
  readonly cpuMsPerCallSecond: number;
  readonly databaseCpuMsPerCallSecond: number | null;
  readonly peakRssMiB: number;
  readonly callersLatenessMs: { readonly p95: number; readonly max: number };
  readonly loadAverage: number;
  /** Nothing dropped or cut off, and decisions in time. */
  readonly kept: boolean;
}
