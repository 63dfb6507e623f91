import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApiDocument } from '../../src/app/open-api.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { startTimbre } from '../../src/start.js';

// Run from the repository root: npm run openapi
const dataDir = mkdtempSync(join(tmpdir(), 'timbre-openapi-'));
const config = loadConfig({ TIMBRE_DATA_DIR: dataDir, TIMBRE_HTTP_PORT: '0', TIMBRE_WORKERS: '1' });
const timbre = await startTimbre(config, createLogger('warn'));
writeFileSync('openapi.json', `${JSON.stringify(openApiDocument(timbre.app), null, 2)}\n`);
await timbre.close();
rmSync(dataDir, { recursive: true, force: true });
