/**
 * Simultaneous calls at talking speed through real WebSockets, more of them step by step until decisions come late or audio is
 * dropped: `npm run bench:calls [-- --steps 25,50,100 --seconds 30 --manner conversation]`. Prints JSON.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Api } from '../tools/demo/api.js';
import { enrolCustomer } from '../tools/demo/enrol.js';
import type { CallersReport, CallersTask } from './callers.js';
import { speakersOf } from './conversation.js';
import type { BenchServer, BenchUsage } from './server.js';

/** Later than this an agent's page feels slow, and the machine is at its end. */
const LATE_MS = 300;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '10,25,50,75,100,125,150,200,250,300' },
    seconds: { type: 'string', default: '30' },
    manner: { type: 'string', default: 'conversation' },
  },
});
const steps = values.steps.split(',').map(Number);
const seconds = Number(values.seconds);
const manner: CallersTask['manner'] = values.manner === 'continuous' ? 'continuous' : 'conversation';

const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)));
const server = await received<BenchServer>(child);
const customerService = new Api(server.url, server.tokens['customer-service']);
for (const { name } of await speakersOf('samples/speech', 'continuous')) {
  await enrolCustomer(customerService, {
    accountRef: name,
    who: name,
    enrolOn: [`samples/speech/${name}/enrol-1.wav`],
    consents: true,
  });
}

const measured = [];
for (const calls of steps) {
  const before = await usage();
  const began = performance.now();
  const report = await play({ url: server.url, token: server.tokens.telephony, calls, seconds, manner });
  const wallMs = performance.now() - began;
  const after = await usage();
  const latencies = report.decisions.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const quantile = (q: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? NaN;
  const cpuMsPerCallSecond = (after.cpuMs - before.cpuMs) / calls / seconds;
  const step = {
    calls,
    decided: report.decisions.length,
    decisionMs: { p50: round(quantile(0.5)), p95: round(quantile(0.95)), p99: round(quantile(0.99)) },
    droppedMs: round(report.droppedMs),
    cutOff: report.cutOff,
    cpuMsPerCallSecond: round(cpuMsPerCallSecond),
    callsPerCore: Math.floor(1000 / cpuMsPerCallSecond),
    serverCores: round((after.cpuMs - before.cpuMs) / wallMs),
    callersCores: round(report.cpuMs / wallMs),
    callersLatenessMs: { p95: round(report.latenessMs.p95), max: round(report.latenessMs.max) },
    rssMiB: round(after.rssMiB),
    memoryMiBPerCall: round((after.peakRssMiB - before.rssMiB) / calls),
  };
  process.stderr.write(`${JSON.stringify(step)}\n`);
  measured.push(step);
  if (step.droppedMs > 0 || step.cutOff > 0 || !(step.decisionMs.p95 <= LATE_MS)) break;
}
const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
  manner,
  secondsEach: seconds,
  startToReadyMs: Math.round(server.startMs),
  steps: measured,
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
child.send('stop');
await once(child, 'exit');

async function play(task: CallersTask): Promise<CallersReport> {
  const callers = fork(fileURLToPath(new URL('./callers.js', import.meta.url)));
  callers.send(task);
  const report = await received<CallersReport>(callers);
  callers.disconnect();
  return report;
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
  return Math.round(value * 100) / 100;
}
