/**
 * What a call costs by where it comes from, and 1,000 AudioHook sessions at once: `npm run bench:sources [-- --calls 20
 * --sessions 1000]`. Nobody is claimed, so no voice is analysed: what is measured is telephony, the call and its storing. Prints
 * JSON.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { callProtocols } from '../src/core/calls/protocols.js';
import type { ProtocolChoice } from '../tools/call/protocols.js';
import { streamCall } from '../tools/call/stream-call.js';
import { Api } from '../tools/demo/api.js';
import { sessionsAtOnce } from './audiohook-sessions.js';
import { machine } from './machine.js';
import { round } from './numbers.js';
import type { BenchUsage } from './server.js';
import { Service } from './service.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20' },
    sessions: { type: 'string', default: '1000' },
    model: { type: 'string', default: process.env['TIMBRE_MODEL_DIR'] ?? 'models/timbre-sv-8k-v1' },
  },
});
const file = 'samples/speech/allison/call-1.wav';
const dataDir = await mkdtemp(join(tmpdir(), 'timbre-bench-'));
try {
  const service = await Service.start(dataDir, values.model, null);
  const { url, tokens } = service.ready;
  const audiohook = { apiKey: 'bench-genesys', clientSecret: randomBytes(32).toString('base64') };
  const admin = new Api(url, tokens.admin);
  await admin.call('POST', '/v1/telephony-credentials', { protocol: 'audiohook', ...audiohook });
  const { telephony: token } = tokens;
  const choices: ProtocolChoice[] = [
    { kind: 'plain', token, results: false },
    { kind: 'audiohook', ...audiohook },
    { kind: 'signalwire', token },
    { kind: 'telnyx', token },
    { kind: 'jambonz', token },
    { kind: 'freeswitch', token },
    { kind: 'vonage', token },
    { kind: 'asterisk', token },
  ];
  const sources = [];
  // Code is compiled before anything is counted.
  for (const protocol of choices) await costOf(service, protocol, 1, 0);
  for (const protocol of choices) sources.push(await costOf(service, protocol, Number(values.calls)));
  const sessions = await sessionsAtOnce(url, audiohook, Number(values.sessions));
  await service.stop();
  process.stdout.write(`${JSON.stringify({ machine: machine(), sources, sessions })}\n`);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function costOf(service: Service, protocol: ProtocolChoice, calls: number, speed = 4) {
  const { url: httpUrl } = service.ready;
  const url = httpUrl.replace(/^http/, 'ws') + callProtocols[protocol.kind].at;
  const before = await service.ask<BenchUsage>('usage');
  const outcomes = await Promise.all(
    Array.from({ length: calls }, () => streamCall({ files: [file], url, protocol, stereo: true, speed })),
  );
  const after = await service.ask<BenchUsage>('usage');
  const sentMs = outcomes.reduce((sum, outcome) => sum + ('sentMs' in outcome ? outcome.sentMs : 0), 0);
  return {
    protocol: protocol.kind,
    calls,
    completed: outcomes.filter(({ kind }) => kind === 'completed').length,
    cpuMsPerCallSecond: round((after.cpuMs - before.cpuMs) / (sentMs / 1000)),
    databaseCpuMsPerCallSecond: round(
      ((after.databaseCpuMs ?? 0) - (before.databaseCpuMs ?? 0)) / (sentMs / 1000),
    ),
  };
}
