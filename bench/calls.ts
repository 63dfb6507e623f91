/**
 * Simultaneous calls at talking speed through real WebSockets, more of them step by step until decisions come late or audio is
 * dropped: `npm run bench:calls [-- --steps 50,100,150 --seconds 15 --manner conversation --model DIR]`. Prints JSON.
 * The service, with its PostgreSQL, has one processor to itself; the callers have the others.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Api } from '../tools/demo/api.js';
import { enrolCustomer } from '../tools/demo/enrol.js';
import type { CallersMessage, CallersReport, CallersTask } from './callers.js';
import type { CallsReport, CallsStep } from './calls-report.js';
import { Messages, startChild } from './child.js';
import { speakersOf } from './conversation.js';
import { machine, placement } from './machine.js';
import { quantile, round } from './numbers.js';
import type { BenchUsage } from './server.js';
import { Service } from './service.js';
import type { ThreadProfile } from './thread-profile.js';

/** Later than this an agent's page feels slow, and the machine is at its end. */
const lateMs = 300;
/** At 38.7 % activity a caller has spoken the 5 s that a first decision asks for by then, or nearly. */
const warmUpSeconds = 10;
const profileSeconds = 8;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '50,100,125,150,175,200,225,250,275,300' },
    seconds: { type: 'string', default: '15' },
    manner: { type: 'string', default: 'conversation' },
    model: { type: 'string', default: process.env['TIMBRE_MODEL_DIR'] ?? 'models/timbre-sv-8k-v1' },
  },
});
const seconds = Number(values.seconds);
const manner: CallersTask['manner'] = values.manner === 'continuous' ? 'continuous' : 'conversation';
const places = placement();
const dataDir = await mkdtemp(join(tmpdir(), 'timbre-bench-'));
try {
  const first = await Service.start(dataDir, values.model, places?.measured ?? null);
  await first.stop();
  const service = await Service.start(dataDir, values.model, places?.measured ?? null);
  await enrolSpeakers(service);
  const usage = (): Promise<BenchUsage> => service.ask('usage');
  // Code is compiled and buffers are grown before anything is counted.
  await play(service, 20, 5, usage);
  const rssBeforeMiB = round((await usage()).peakRssMiB);
  const steps: CallsStep[] = [];
  for (const calls of values.steps.split(',').map(Number)) {
    const step = stepOf(calls, await play(service, calls, seconds, usage));
    process.stderr.write(`${JSON.stringify(step)}\n`);
    steps.push(step);
    if (!step.kept) break;
  }
  const profile = await profileOf(service, steps.findLast(({ kept }) => kept)?.calls ?? 20);
  await service.stop();
  const report: CallsReport = {
    machine: machine().text,
    model: basename(values.model),
    manner,
    secondsEach: seconds,
    onOneCore: places !== null,
    startToReadyMs: { first: Math.round(first.ready.startMs), again: Math.round(service.ready.startMs) },
    rssBeforeMiB,
    steps,
    profile,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

async function enrolSpeakers({ ready }: Service): Promise<void> {
  const customerService = new Api(ready.url, ready.tokens['customer-service']);
  for (const { name } of await speakersOf('samples/speech', 'continuous')) {
    await enrolCustomer(customerService, {
      accountRef: name,
      who: name,
      enrolOn: [`samples/speech/${name}/enrol-1.wav`],
      consents: true,
    });
  }
}

interface Played<Begin, End> {
  readonly report: CallersReport;
  readonly before: Begin;
  readonly after: End;
}

/** One step; the service is asked at the very moments when the callers begin and end to be measured. */
async function play<Begin, End = Begin>(
  { ready }: Service,
  calls: number,
  measuredSeconds: number,
  begin: () => Promise<Begin>,
  end: () => Promise<End> = begin as unknown as () => Promise<End>,
): Promise<Played<Begin, End>> {
  const callers = startChild('./callers.js', { processors: places?.rest ?? null });
  const { url, tokens } = ready;
  const task: CallersTask = {
    url,
    token: tokens.telephony,
    calls,
    warmUpSeconds: warmUpSeconds,
    seconds: measuredSeconds,
    manner,
  };
  const messages = new Messages(callers);
  callers.send(task);
  await told(messages, 'measuring');
  const before = await begin();
  await told(messages, 'measured');
  const after = await end();
  const { report } = await told(messages, 'report');
  callers.disconnect();
  return { report, before, after };
}

async function told<K extends CallersMessage['kind']>(
  callers: Messages,
  kind: K,
): Promise<Extract<CallersMessage, { kind: K }>> {
  const message = await callers.next<CallersMessage>();
  if (message.kind !== kind) throw new Error(`the callers said ${message.kind} where ${kind} was due`);
  return message as Extract<CallersMessage, { kind: K }>;
}

function stepOf(calls: number, { report, before, after }: Played<BenchUsage, BenchUsage>): CallsStep {
  const per = (ms: number): number => round(ms / calls / seconds);
  const decisionMs = {
    p50: round(quantile(report.decisionMs, 0.5)),
    p95: round(quantile(report.decisionMs, 0.95)),
    p99: round(quantile(report.decisionMs, 0.99)),
  };
  const { databaseCpuMs } = after;
  return {
    calls,
    decisions: report.decisionMs.length,
    decisionMs,
    serverDecisionP95Ms: round(quantile(report.serverDecisionMs, 0.95)),
    droppedMs: round(report.droppedMs),
    cutOff: report.cutOff,
    cpuMsPerCallSecond: per(after.cpuMs - before.cpuMs),
    databaseCpuMsPerCallSecond:
      databaseCpuMs === null ? null : per(databaseCpuMs - (before.databaseCpuMs ?? 0)),
    peakRssMiB: round(after.peakRssMiB),
    callersLatenessMs: { p95: round(report.latenessMs.p95), max: round(report.latenessMs.max) },
    loadAverage: machine().loadAverage,
    kept: report.droppedMs === 0 && report.cutOff === 0 && decisionMs.p95 <= lateMs,
  };
}

/** Of the last step that was kept, played once more: a profile costs time of its own. */
async function profileOf(service: Service, calls: number): Promise<CallsReport['profile']> {
  if (places !== null) service.spread();
  const { after } = await play(
    service,
    calls,
    profileSeconds,
    () => service.ask<string>('profile'),
    () => service.ask<ThreadProfile[]>('profiled'),
  );
  return { calls, callSeconds: calls * profileSeconds, threads: after };
}
