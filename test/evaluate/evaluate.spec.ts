import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCommand as parseCalibrate } from '../../tools/calibrate/arguments.js';
import { parseCommand, UsageError } from '../../tools/evaluate/arguments.js';
import { readCentre } from '../../tools/evaluate/centre-file.js';
import { evidenceAfter, voiceprintOf } from '../../tools/evaluate/compare.js';
import { calibrationPlot, detPlot, histogram } from '../../tools/evaluate/plots.js';
import { splitReport, toMarkdown } from '../../tools/evaluate/report.js';
import { parseCommand as parseCallerChange } from '../../tools/caller-change/arguments.js';
import { parseCalls, parseTrials } from '../../tools/evaluate/trial-list.js';

const quality = { speechLevelDbfs: -20, snrDb: 20, clippedShare: 0, concealedShare: 0 };
const segment = (embedding: number[], totalNetSpeechMs: number) => ({
  embedding: Float32Array.from(embedding),
  startMs: 0,
  endMs: totalNetSpeechMs,
  netSpeechMs: 3000,
  totalNetSpeechMs,
  quality,
});
const header = 'label\tenrolCall\tprobeCall\tprobeUtterances';

describe('timbre-evaluate', () => {
  it('asks for what it needs', () => {
    expect(() => parseCommand(['--audio', 'a'])).toThrow(UsageError);
    expect(() => parseCommand(['--nonsense'])).toThrow(UsageError);
    expect(parseCommand(['--help'])).toBeUndefined();
  });

  it('takes another centre as the service tells it, or as timbre-calibrate writes it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'timbre-centre-'));
    const write = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const expected = Float32Array.of(0.25, -1);
    const asJson = write('centre.json', '[0.25, -1]');
    expect(await readCentre(asJson, 2)).toEqual(expected);
    expect(await readCentre(write('centre.f32', new Uint8Array(expected.buffer)), 2)).toEqual(expected);
    await expect(readCentre(asJson, 3)).rejects.toThrow('2 numbers');
    await expect(readCentre(write('wrong.json', '{}'), 2)).rejects.toThrow(UsageError);
    rmSync(folder, { recursive: true });
  });

  it('reads the lists, and refuses a wrong label or a path that leads elsewhere', () => {
    expect(parseTrials(`${header}\ntarget\ta/1\ta/2\tu1,u2\n`)).toEqual([
      { target: true, enrolCall: 'a/1', probeCall: 'a/2', probeUtterances: ['u1', 'u2'] },
    ]);
    expect(() => parseTrials(`${header}\ntarget\ta/1\tb/2\tu1\n`)).toThrow('line 2');
    expect(() => parseTrials(`${header}\ntarget\ta/1\ta/2\t../u1\n`)).toThrow(UsageError);
    const calls = parseCalls('speaker\tcall\tgender\thandset\tutterances\na\t1\t\tcellphone\t9\n');
    expect(calls.get('a/1')).toEqual({ gender: '', handset: 'cellphone' });
  });

  it('weighs segments by the speech they add, and stops at the net speech asked for', () => {
    const heard = { netSpeechMs: 4000, segments: [segment([1, 0], 3000), segment([0, 1], 4000)] };
    expect(voiceprintOf(heard)?.direction[0]).toBeCloseTo(3 / Math.sqrt(10), 6);
    expect(voiceprintOf(heard)?.netSpeechMs).toBe(4000);
    expect(evidenceAfter(heard, 3000)).toEqual({
      direction: Float32Array.of(1, 0),
      netSpeechMs: 3000,
      snrDb: 20,
      likeness: null,
    });
    expect(evidenceAfter(heard, 5000)).toBeNull();
  });

  it('runs timbre-caller-change and timbre-calibrate by the same rules', () => {
    expect(() => parseCallerChange(['--audio', 'a'])).toThrow(UsageError);
    expect(() => parseCallerChange(['--audio', 'a', '--cache', 'c', '--splices', 'many'])).toThrow(
      '--splices',
    );
    expect(parseCallerChange(['--help'])).toBeUndefined();
    expect(parseCallerChange(['--audio', 'a', '--cache', 'c'])?.splices).toBe(300);
    expect(() => parseCalibrate(['--trials', 't'])).toThrow(UsageError);
    expect(parseCalibrate(['--help'])).toBeUndefined();
  });

  it('reports figures with intervals where trials suffice, and draws them', () => {
    const trials = Array.from({ length: 400 }, (_, i) => ({
      target: i % 2 === 0,
      enrolSpeaker: `s${i % 40}`,
      probeSpeaker: i % 2 === 0 ? `s${i % 40}` : `s${(i + 1) % 40}`,
      score: ((i * 7919) % 100) / 20 + (i % 2 === 0 ? 1 : -4),
    }));
    const all = splitReport('all', trials);
    const few = splitReport('few', trials.slice(0, 20));
    expect(few.figures).toBeNull();
    const eer = all.figures?.eer;
    expect(eer?.ci95?.low).toBeLessThanOrEqual(eer?.value ?? NaN);
    expect(eer?.ci95?.high).toBeGreaterThanOrEqual(eer?.value ?? NaN);
    expect(toMarkdown([all, few]).split('\n')).toHaveLength(4);
    for (const svg of [detPlot(trials), histogram(trials), calibrationPlot(trials)]) {
      expect(svg).toContain('<polyline');
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});
