/**
 * Run by clean-stop.spec.ts in a process of its own, since what it looks for ends the process: starts the built engine, keeps
 * its workers busy with speech and shuts it down after so many events, its streams closed before or not.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [, , engineUrl, modelDir, streamsAre, after] = process.argv;
const { createEngine } = await import(engineUrl);
const engine = await createEngine({ modelDir, workers: 2 });
const speech = readFileSync(`${modelDir}/vectors/menardi.wav`).subarray(44);
const format = { encoding: 'l16', sampleRateHz: 8000, channels: 1, callerChannel: 0 };

const streams = [];
await new Promise((resolve) => {
  let events = 0;
  const heard = () => {
    events += 1;
    if (events === Number(after)) resolve();
  };
  for (let i = 0; i < 8; i += 1) {
    const stream = engine.open({ format, maxWaitingMs: 0 }, heard);
    for (let k = 0; k < 4; k += 1) stream.push(new Uint8Array(speech));
    streams.push(stream);
  }
});
if (streamsAre === 'closed') for (const stream of streams) stream.close();
await engine.shutdown();
process.stdout.write('ended\n');
