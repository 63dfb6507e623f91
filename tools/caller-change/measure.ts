import type { EvidenceSegment } from '../../src/core/speaker/evidence-segment.js';
import {
  findCallerChange,
  isAfter,
  type CallerChangeRule,
  type SplitSide,
} from '../../src/core/speaker/caller-change.js';
import type { Heard } from '../evaluate/heard.js';

export interface Spliced {
  readonly heard: Heard;
  /** Net speech of the first person alone. */
  readonly changeAtNetMs: number;
  /** Of both people; false where it is not recorded of one. */
  readonly isSameGender: boolean;
}

export interface CallerChangeFigures {
  readonly rule: CallerChangeRule;
  readonly splices: number;
  readonly detected: number;
  /** Reported before the second person spoke: a false alarm within a splice. */
  readonly early: number;
  readonly delayNetSpeechMs: { readonly median: number; readonly p90: number };
  readonly wholeCalls: number;
  readonly falseAlarms: number;
  readonly falseAlarmsPerHourOfSpeech: number;
  readonly falseAlarmsPerHourOfCall: number;
}

export interface Comparer {
  readonly windowNetSpeechMs: number;
  llr(before: SplitSide, after: SplitSide): number;
}

/** Net speech of the stream when each change was reported, as the verifier would: afresh after each. */
export function reportsOf(heard: Heard, comparer: Comparer, rule: CallerChangeRule): number[] {
  let window: EvidenceSegment[] = [];
  let beforeMs = 0;
  const reports: number[] = [];
  for (const segment of heard.segments) {
    const { totalNetSpeechMs } = segment;
    window.push({ ...segment, newNetSpeechMs: totalNetSpeechMs - beforeMs });
    beforeMs = totalNetSpeechMs;
    window = window.filter((kept) => kept.totalNetSpeechMs > totalNetSpeechMs - comparer.windowNetSpeechMs);
    const found = findCallerChange(window, comparer.llr.bind(comparer), rule);
    if (!found) continue;
    reports.push(totalNetSpeechMs);
    window = window.filter((kept) => isAfter(kept, found.totalNetSpeechMs));
  }
  return reports;
}

export function measure(
  splices: readonly Spliced[],
  whole: readonly { readonly heard: Heard; readonly callMs: number }[],
  comparer: Comparer,
  rule: CallerChangeRule,
): CallerChangeFigures {
  const delays: number[] = [];
  let early = 0;
  for (const { heard, changeAtNetMs } of splices) {
    const reports = reportsOf(heard, comparer, rule);
    early += reports.filter((at) => at <= changeAtNetMs).length;
    const hit = reports.find((at) => at > changeAtNetMs);
    if (hit !== undefined) delays.push(hit - changeAtNetMs);
  }
  delays.sort((a, b) => a - b);
  const falseAlarms = whole.reduce((sum, { heard }) => sum + reportsOf(heard, comparer, rule).length, 0);
  const hours = (ms: number): number => ms / 3_600_000;
  return {
    rule,
    splices: splices.length,
    detected: delays.length,
    early,
    delayNetSpeechMs: {
      median: delays[delays.length >> 1] ?? NaN,
      p90: delays[Math.floor(delays.length * 0.9)] ?? NaN,
    },
    wholeCalls: whole.length,
    falseAlarms,
    falseAlarmsPerHourOfSpeech:
      falseAlarms / hours(whole.reduce((sum, { heard }) => sum + heard.netSpeechMs, 0)),
    falseAlarmsPerHourOfCall: falseAlarms / hours(whole.reduce((sum, { callMs }) => sum + callMs, 0)),
  };
}
