/** Decision time, processor time and memory of calls at talking speed through real sockets: `npm run bench:calls`. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { CallResult, FirstDecision } from '../src/core/calls/result.js';
import { streamCall } from '../tools/call/stream-call.js';
import { Api } from '../tools/demo/api.js';
import { enrolCustomer } from '../tools/demo/enrol.js';
import type { BenchServer, BenchUsage } from './server.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '50' },
    at_once: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '20' },
  },
});
const [total, atOnce, seconds] = [Number(values.calls), Number(values.at_once), Number(values.seconds)];
const speakers = ['allison', 'carlo', 'june', 'ivrvoice', 'menardi'];

const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)));
const server = await received<BenchServer>(child);
const customerService = new Api(server.url, server.tokens['customer-service']);
for (const speaker of speakers) {
  await enrolCustomer(customerService, {
    accountRef: speaker,
    who: speaker,
    enrolOn: [`samples/speech/${speaker}/enrol-1.wav`],
    consents: true,
  });
}

const before = await usage();
const began = performance.now();
const decisions: FirstDecision[] = [];
let next = 0;
await Promise.all(Array.from({ length: atOnce }, () => caller()));
const wallMs = performance.now() - began;
const after = await usage();

const latencies = decisions.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
const quantile = (q: number) =>
  latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? NaN;
const cpuMs = after.cpuMs - before.cpuMs;
const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
  calls: total,
  atOnce,
  secondsEach: seconds,
  startToReadyMs: Math.round(server.startMs),
  decided: decisions.length,
  netSpeechAtFirstDecisionMs: [...new Set(decisions.map(({ netSpeechMs }) => Math.round(netSpeechMs)))].sort(
    (a, b) => a - b,
  ),
  latencyMs: { p50: round(quantile(0.5)), p95: round(quantile(0.95)), max: round(quantile(1)) },
  cpuMsPerCall: round(cpuMs / total),
  coreShareOfServer: round(cpuMs / wallMs),
  rssMiB: { before: round(before.rssMiB), after: round(after.rssMiB) },
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
child.send('stop');
await once(child, 'exit');

async function caller(): Promise<void> {
  while (next < total) {
    const speaker = speakers[next++ % speakers.length] ?? '';
    const hangUp = new AbortController();
    let last: CallResult | undefined;
    await streamCall(
      {
        files: ['call-1', 'call-2'].map((file) => `samples/speech/${speaker}/${file}.wav`),
        url: `${server.url.replace(/^http/, 'ws')}/v1/telephony/stream`,
        protocol: { kind: 'plain', token: server.tokens.telephony, results: true },
        speed: 1,
        customer: speaker,
        hangUp: hangUp.signal,
      },
      {
        onResult: (result) => {
          last = result;
        },
        onSent: (sentMs) => {
          if (sentMs >= seconds * 1000) hangUp.abort();
        },
      },
    );
    if (last?.firstDecision) decisions.push(last.firstDecision);
  }
}

async function usage(): Promise<BenchUsage> {
  child.send('usage');
  return received<BenchUsage>(child);
}

async function received<T>(from: ChildProcess): Promise<T> {
  const [message] = (await once(from, 'message')) as [T];
  return message;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
