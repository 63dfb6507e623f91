import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';

let service: ChildProcess;
let url: string;
const dataDir = mkdtempSync(join(tmpdir(), 'timbre-readme-'));
const env = { ...process.env, TIMBRE_DATA_DIR: dataDir, TIMBRE_HTTP_PORT: '0', NODE_OPTIONS: '' };

beforeAll(async () => {
  service = spawn(process.execPath, ['dist/src/main.js'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: service.stdout! });
  url = await new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const { msg, url: found } = JSON.parse(line) as { msg: string; url?: string };
      if (msg === 'Timbre is ready') resolve(found!);
    });
  });
}, 60_000);

afterAll(async () => {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}, 30_000);

/** The shell lines under a heading, as a newcomer pastes them; `npm start` runs in the other terminal. */
function linesUnder(heading: string): string {
  const section = readFileSync('README.md', 'utf8').split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  return [...section.matchAll(/```sh\n([^]*?)```/g)]
    .map(([, lines]) => lines!)
    .filter((lines) => lines.trim() !== 'npm start')
    .join('\n');
}

function paste(lines: string): Promise<{ code: number | null; out: string }> {
  const shell = spawn('bash', ['-e', '-u', '-c', lines], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.on('data', (text: Buffer) => (out += text.toString()));
  return new Promise((resolve) => {
    shell.once('close', (code) => {
      resolve({ code, out });
    });
  });
}

describe('the README', () => {
  it('leads a newcomer who pastes its lines to an accepted call', async () => {
    const { code, out } = await paste(
      linesUnder('Your first call in ten minutes')
        .replaceAll('http://127.0.0.1:8080', url)
        .replaceAll('ws://127.0.0.1:8080', url.replace('http', 'ws')),
    );
    expect(out).toContain('accepted');
    expect(code).toBe(0);
  }, 180_000);

  it('names an address that leads to every page', async () => {
    const { text } = await request(url).get('/').expect(200).expect('content-type', /html/);
    expect(text).toContain('Ready for calls.');
    const paths = [...text.matchAll(/href="([^"]+)"/g)].map(([, path]) => path!);
    expect(paths).toEqual(expect.arrayContaining(['/agent', '/privacy', '/docs', '/health/ready']));
    for (const path of paths) expect((await request(url).get(path)).status).toBe(200);
  });
});
