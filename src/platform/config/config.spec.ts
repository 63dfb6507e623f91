import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidConfig, loadConfig } from './config.js';
import { renderConfigTable, withConfigTable } from './config-table.js';

const key = Buffer.alloc(32, 7).toString('base64');
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'timbre-config-'));
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

function wrong(env: Record<string, string>): string[] {
  try {
    loadConfig({ TIMBRE_DATA_DIR: dataDir, TIMBRE_MASTER_KEY: key, ...env });
  } catch (error) {
    if (error instanceof InvalidConfig) return error.errors.map(({ variable }) => variable);
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('needs nothing to be set', () => {
    const config = loadConfig({ TIMBRE_DATA_DIR: dataDir, PATH: '/usr/bin' });
    expect(config).toMatchObject({
      httpPort: 8080,
      httpHost: '127.0.0.1',
      databaseUrl: undefined,
      listenDatabaseUrl: undefined,
      maxUploadSeconds: 600,
    });
    expect(config.modelDir).toMatch(/models\/timbre-sv-8k-v1$/);
    expect(statSync(config.modelDir).isDirectory()).toBe(true);
  });

  it('takes the folders of previous models as PATH takes folders', () => {
    const env = { TIMBRE_DATA_DIR: dataDir, TIMBRE_PREVIOUS_MODEL_DIRS: '/models/one:/models/two' };
    expect(loadConfig(env).previousModelDirs).toEqual(['/models/one', '/models/two']);
    expect(loadConfig({ TIMBRE_DATA_DIR: dataDir }).previousModelDirs).toEqual([]);
  });

  it('takes a variable that is set to nothing as not set', () => {
    expect(loadConfig({ TIMBRE_DATA_DIR: dataDir, TIMBRE_HTTP_PORT: '', DATABASE_URL: '' }).httpPort).toBe(
      8080,
    );
  });

  it.each([
    ['TIMBRE_HTTP_PORT', '80 80'],
    ['TIMBRE_HTTP_PORT', '65536'],
    ['TIMBRE_PUBLIC_URL', 'timbre.example.com'],
    ['DATABASE_URL', 'mysql://db/timbre'],
    ['TIMBRE_MASTER_KEY', 'c2hvcnQ='],
    ['TIMBRE_MASTER_KEY', 'not base64 at all'],
    ['TIMBRE_PREVIOUS_MASTER_KEYS', `${key},c2hvcnQ=`],
    ['TIMBRE_MASTER_KEY_FILE', '/run/secrets/beside-the-key'],
    ['TIMBRE_KEY_DATABASE_URL', 'redis://keys'],
    ['TIMBRE_WORKERS', '0'],
    ['TIMBRE_PREVIOUS_MODEL_DIRS', 'models/a:'],
    ['TIMBRE_RETIRED_MODEL_DAYS', '-1'],
    ['TIMBRE_LOG_LEVEL', 'loud'],
    ['TIMBRE_SILENCE_TIMEOUT_MS', '1e4'],
    ['TIMBRE_HTPP_PORT', '8080'],
  ])('refuses %s=%s and names it', (variable, value) => {
    expect(wrong({ [variable]: value })).toEqual([variable]);
  });

  it('names all that is wrong at once, without repeating a value', () => {
    const load = (): unknown =>
      loadConfig({ TIMBRE_DATA_DIR: dataDir, TIMBRE_MASTER_KEY: 'my-secret', TIMBRE_WORKERS: 'many' });
    expect(load).toThrow(/TIMBRE_MASTER_KEY: expected 32 bytes in base64/);
    expect(load).toThrow(/TIMBRE_WORKERS: expected a whole number from 1 to 256/);
    expect(load).not.toThrow(/my-secret/);
  });

  it('wants a master key with a database of your own', () => {
    const env = { DATABASE_URL: 'postgres://timbre@db.example.com/timbre', TIMBRE_DATA_DIR: dataDir };
    expect(() => loadConfig(env)).toThrow(/TIMBRE_MASTER_KEY: expected to be set/);
    expect(loadConfig({ ...env, TIMBRE_MASTER_KEY: key }).masterKey).toEqual(Buffer.alloc(32, 7));
  });

  it('makes a master key for the embedded database once, for its owner alone', () => {
    const first = loadConfig({ TIMBRE_DATA_DIR: dataDir });
    expect(first.masterKeySource).toBe('generated');
    expect(first.masterKey).toHaveLength(32);
    expect(statSync(join(dataDir, 'master.key')).mode & 0o777).toBe(0o600);
    expect(loadConfig({ TIMBRE_DATA_DIR: dataDir }).masterKey).toEqual(first.masterKey);
  });

  it('reads the master key and earlier ones from a file, or earlier ones from the environment', () => {
    const path = join(dataDir, 'keys');
    const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    writeFileSync(path, `${second.toString('base64')}\n${first.toString('base64')}\n`);
    const ofFile = loadConfig({ TIMBRE_DATA_DIR: dataDir, TIMBRE_MASTER_KEY_FILE: path });
    expect(ofFile).toMatchObject({ masterKeySource: 'file', masterKeyFile: path });
    expect([ofFile.masterKey, ...ofFile.previousMasterKeys]).toEqual([second, first]);
    const env = { TIMBRE_MASTER_KEY: key, TIMBRE_PREVIOUS_MASTER_KEYS: first.toString('base64') };
    expect(loadConfig({ TIMBRE_DATA_DIR: dataDir, ...env }).previousMasterKeys).toEqual([first]);
  });

  it('does not replace a damaged master key: it would make every voiceprint unreadable', () => {
    writeFileSync(join(dataDir, 'master.key'), 'damaged');
    expect(() => loadConfig({ TIMBRE_DATA_DIR: dataDir })).toThrow(/master\.key: the file is damaged/);
    expect(readFileSync(join(dataDir, 'master.key'), 'utf8')).toBe('damaged');
  });
});

it('has a table in docs/operations.md that is up to date (npx tsc && node dist/tools/docs/config-table.js)', () => {
  const document = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  expect(document).toBe(withConfigTable(document));
  expect(renderConfigTable()).toMatch(/\| `TIMBRE_HTTP_PORT` +\| `8080` +\|/);
});
