#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { roles, type Role } from '../../src/core/auth/principal.js';
import type { CallResult } from '../../src/core/calls/result.js';
import { TokensService } from '../../src/modules/installation/tokens/tokens.service.js';
import { TenantsService } from '../../src/modules/installation/tenants/tenants.service.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { startTimbre, type RunningTimbre } from '../../src/start.js';
import { Api } from './api.js';
import { demoCalls, demoCustomers } from './cast.js';
import { Display } from './display.js';
import { enrolCustomer, type Enrolled } from './enrol.js';
import { LiveWatch } from './live-watch.js';
import { playCall, type PlayedCall } from './play.js';
import { shortcomings, summaryOf } from './summary.js';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

const say = (text: string) => process.stdout.write(`${text}\n`);

process.exitCode = await main();

async function main(): Promise<number> {
  // The demo's customers stay apart from a real service's data, and its log out of the way of what it shows.
  const config = loadConfig({
    TIMBRE_DATA_DIR: '.timbre/demo',
    TIMBRE_LOG_LEVEL: 'error',
    TIMBRE_HTTP_PORT: '0',
    ...process.env,
  });
  say('Starting Timbre with an embedded PostgreSQL and the shipped model …');
  const startedMs = performance.now();
  const timbre = await startTimbre(config);
  say(`Ready after ${((performance.now() - startedMs) / 1000).toFixed(1)} s at ${timbre.url}`);

  const interrupted = new AbortController();
  const stop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        interrupted.abort();
        resolve();
      });
    }
  });
  try {
    const played = await perform(timbre, interrupted.signal);
    const right = played.every((call) => shortcomings(call).length === 0);
    if (values.once) return right ? 0 : 1;
    say('\nTimbre keeps serving. Press Ctrl-C to stop.');
    await stop;
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    say(`The demo failed: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await timbre.close();
    say('Stopped.');
  }
}

async function perform(timbre: RunningTimbre, signal: AbortSignal): Promise<PlayedCall[]> {
  const tokens = await makeTokens(timbre);
  const agent = new Api(timbre.url, tokens.agent);
  const customers = new Map<string, Enrolled>();
  for (const customer of demoCustomers) {
    const enrolled = await enrolCustomer(new Api(timbre.url, tokens['customer-service']), customer);
    customers.set(customer.accountRef, enrolled);
    const state = customer.consents
      ? `consented, enrolled on ${((enrolled.netSpeechMs ?? 0) / 1000).toFixed(0)} s of net speech`
      : 'has not consented';
    say(`  ${customer.accountRef} (${customer.who}): ${state}`);
  }
  say(`\nAgent page:  ${timbre.url}/agent#token=${tokens.agent}`);
  say(`API:         ${timbre.url}/docs`);
  for (const role of roles) say(`  ${role.padEnd(17)} ${tokens[role]}`);
  say('\nFour calls at once, at talking speed. Voices: Allison Smith, June Wallack, Carlo Flora');
  say(
    '(segreterietelefoniche.it), Paola Dal Zot (voip.ammdomus.it); recordings CC-BY-SA 3.0, see samples/README.md.\n',
  );

  const display = new Display(process.stdout, Date.now());
  const watch = new LiveWatch();
  await watch.connect(timbre.url, tokens.agent);
  const run = randomBytes(3).toString('hex');
  const names = new Map(demoCalls.map((call, i) => [`demo-${run}-${i + 1}`, call.name]));
  watch.onResult(showChanges(display, names));
  const stage = {
    telephonyUrl: `${timbre.url.replace(/^http/, 'ws')}/v1/telephony/stream`,
    telephonyToken: tokens.telephony,
    agent,
    fraud: new Api(timbre.url, tokens.fraud),
    watch,
    customers,
    say: (text: string) => {
      display.line(`         · ${text}`);
    },
    signal,
  };
  try {
    const played = await Promise.all(
      demoCalls.map((call, i) => playCall(call, `demo-${run}-${i + 1}`, stage)),
    );
    say('\nSummary');
    for (const call of played) say(summaryOf(call));
    return played;
  } finally {
    watch.close();
  }
}

function showChanges(display: Display, names: ReadonlyMap<string, string>): (result: CallResult) => void {
  const shown = new Map<string, string>();
  return (result) => {
    const name = names.get(result.externalId ?? '');
    if (name === undefined) return;
    display.progress(name, result);
    const change = `${result.verification.state} ${result.agent.state}`;
    if (shown.get(name) === change) return;
    shown.set(name, change);
    display.change(name, result);
  };
}

async function makeTokens({ app }: RunningTimbre): Promise<Record<Role, string>> {
  const tenantId = await app
    .get(TenantsService, { strict: false })
    .create(`Demo bank ${randomBytes(4).toString('hex')}`);
  const service = app.get(TokensService, { strict: false });
  const expiresAt = new Date(Date.now() + 24 * 3_600_000);
  const made = await Promise.all(
    roles.map(async (role) => {
      const { token } = await service.create(tenantId, { role, label: 'demo', expiresAt });
      return [role, token] as const;
    }),
  );
  return Object.fromEntries(made) as Record<Role, string>;
}
