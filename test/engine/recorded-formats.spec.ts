import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeChannel } from '../../src/core/audio/decoder.js';
import { parseWav } from '../../src/core/audio/wav.js';

/* What recorders write, made by sox and ffmpeg, whose own reading is the oracle. */

const has = (program: string, flag: string): boolean => spawnSync(program, [flag]).status === 0;
const withSox = has('sox', '--version') ? it : it.skip;
const withFfmpeg = has('ffmpeg', '-version') ? it : it.skip;

/** Two seconds of something like a voice: tones of a gliding pitch, under a slow swell. */
function sound(rate: number): Float32Array {
  return Float32Array.from({ length: 2 * rate }, (_, n) => {
    const seconds = n / rate;
    const pitch = 2 * Math.PI * (120 * seconds + 15 * Math.sin(3 * seconds));
    const voice = Math.sin(pitch) + Math.sin(2 * pitch) / 2 + Math.sin(5 * pitch) / 3;
    return 0.3 * voice * (0.6 + 0.4 * Math.sin(9 * seconds));
  });
}

function run(program: string, args: readonly string[], input: Uint8Array): Uint8Array {
  const { stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 1 << 27 });
  if (stdout.length === 0) throw new Error(`${program}: ${stderr.toString()}`);
  return Uint8Array.from(stdout);
}

const raw = (rate: number): string[] => ['-t', 'f32', '-r', String(rate), '-c', '1', '-'];
const rawBytes = (rate: number): Uint8Array => new Uint8Array(sound(rate).buffer);

function bySox(file: Uint8Array, rate: number): Float32Array {
  return new Float32Array(run('sox', ['-t', 'wav', '-', ...raw(rate)], file).buffer as ArrayBuffer);
}

function byUs(file: Uint8Array): Float32Array {
  const wav = parseWav(file);
  if (wav.kind === 'refused') throw new Error(wav.detail);
  return decodeChannel(wav.data, { ...wav.format, callerChannel: 0 });
}

/** Through a pipe: no program can go back and fill in the length. */
function written(rate: number, format: readonly string[]): Uint8Array {
  return run('sox', [...raw(rate), '-D', '-t', 'wav', ...format, '-'], rawBytes(rate));
}

function furthest(ours: Float32Array, theirs: Float32Array): number {
  expect(ours).toHaveLength(theirs.length);
  return ours.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (theirs[i] ?? NaN))), 0);
}

describe('WAV files by sox', () => {
  withSox.each([
    ['8-bit PCM', 8000, ['-b', '8', '-e', 'unsigned']],
    ['16-bit PCM', 11_025, ['-b', '16', '-e', 'signed']],
    ['24-bit PCM', 22_050, ['-b', '24', '-e', 'signed']],
    ['32-bit PCM', 44_100, ['-b', '32', '-e', 'signed']],
    ['32-bit float', 8000, ['-b', '32', '-e', 'float']],
    ['64-bit float', 96_000, ['-b', '64', '-e', 'float']],
    ['A-law', 8000, ['-e', 'a-law']],
    ['µ-law', 8000, ['-e', 'mu-law']],
    ['GSM 6.10', 8000, ['-e', 'gsm-full-rate']],
  ] as const)('of %s at %d Hz are read as sox reads them', (_, rate, format) => {
    const file = written(rate, format);
    expect(furthest(byUs(file), bySox(file, rate))).toBeLessThan(1e-6);
  });
});

describe('WAV files by ffmpeg', () => {
  withFfmpeg.each([
    ['GSM 6.10', ['-c:a', 'libgsm_ms']],
    ['RF64', ['-rf64', 'always']],
    ['WAVE_FORMAT_EXTENSIBLE', ['-c:a', 'pcm_s24le']],
  ])('of %s are read as ffmpeg reads them', (_, format) => {
    const given = ['-f', 'f32le', '-ar', '8000', '-ac', '1', '-i', '-'];
    const folder = mkdtempSync(join(tmpdir(), 'timbre-'));
    const path = join(folder, 'recording.wav');
    spawnSync('ffmpeg', [...given, ...format, path], { input: rawBytes(8000) });
    const file = readFileSync(path);
    const back = ['-i', path, '-f', 'f32le', '-c:a', 'pcm_f32le', '-'];
    const theirs = new Float32Array(run('ffmpeg', back, file).buffer as ArrayBuffer);
    rmSync(folder, { recursive: true });
    const ours = byUs(file);
    expect(furthest(ours.subarray(0, theirs.length), theirs.subarray(0, ours.length))).toBeLessThan(1e-6);
  });
});

const cases = new URL('../../../shared/cases/wav/', import.meta.url);
const describeCases = existsSync(cases) ? describe : describe.skip;

describeCases(`the files of ${cases.pathname}${existsSync(cases) ? '' : ' (skipped: not there)'}`, () => {
  const names = existsSync(cases) ? readdirSync(cases).filter((name) => name.endsWith('.wav')) : [];
  it.each(names)('%s is read, all of it', (name) => {
    const wav = parseWav(readFileSync(new URL(name, cases)));
    if (wav.kind === 'refused') throw new Error(wav.detail);
    const expected = name === 'duplicate-8s.wav' ? 8000 : name === 'gsm-wav49.wav' ? 2520 : 2500;
    expect(Math.round(wav.durationMs)).toBe(expected);
  });
});
