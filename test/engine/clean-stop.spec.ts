import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { modelDir } from './support.js';

const run = promisify(execFile);
const script = join(import.meta.dirname, 'stop-when-busy.js');
const engine = pathToFileURL(join(import.meta.dirname, '../../dist/src/engine/threaded-engine.js')).href;

/** More for a longer look: TIMBRE_CHAOS_KILLS=100 npm run test:file -- test/engine/clean-stop.spec.ts */
const stops = Number(process.env['TIMBRE_CHAOS_KILLS'] ?? 4);

describe('an engine that is shut down while its workers are inside a run', () => {
  it.each(['closed', 'open'])(
    'lets them finish it and ends its process in order, its streams %s',
    async (streamsAre) => {
      for (let after = 1; after <= stops; after += 1) {
        // Rejects with the exit code: an aborted process has 134.
        const ended = await run(process.execPath, [script, engine, modelDir, streamsAre, String(after * 7)]);
        expect(ended).toEqual({ stdout: 'ended\n', stderr: '' });
      }
    },
    60_000 * stops,
  );
});
