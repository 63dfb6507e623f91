import { on, once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import request from 'supertest';
import { WebSocket } from 'ws';
import { roles, type Role } from '../../src/core/auth/principal.js';
import type { CallResult } from '../../src/core/calls/result.js';
import type { TenantId } from '../../src/core/ids.js';
import type { Policy, PolicyDocument } from '../../src/core/policy/policy.js';
import { streamCall, type CallOptions, type CallOutcome } from '../../tools/call/stream-call.js';
import type { TestApp } from '../support/app.js';

export const speech = (speaker: string, ...files: string[]) =>
  files.map((file) => `samples/speech/${speaker}/${file}.wav`);

/** Faster than talking, slow enough that a claim is settled within a second of stream time. */
export const testSpeed = 10;

/** One tenant with a token for every role, as its platform, agents and officers would use them. */
export class Bank {
  private constructor(
    private readonly app: TestApp,
    readonly tenantId: TenantId,
    readonly tokens: Record<Role, string>,
  ) {}

  static async open(app: TestApp): Promise<Bank> {
    const tenantId = await app.makeTenant();
    const made = await Promise.all(
      roles.map(async (role) => [role, await app.makeToken(tenantId, role)] as const),
    );
    return new Bank(app, tenantId, Object.fromEntries(made) as Record<Role, string>);
  }

  /** The same bank after a restart. */
  at(app: TestApp): Bank {
    return new Bank(app, this.tenantId, this.tokens);
  }

  as(role: Role) {
    const agent = request.agent(this.app.url);
    agent.set('authorization', `Bearer ${this.tokens[role]}`);
    return agent;
  }

  async customer(accountRef: string): Promise<string> {
    const { body } = await this.as('customer-service')
      .post('/v1/customers')
      .send({ accountRef, residence: 'DE' })
      .expect(201);
    return (body as { customerId: string }).customerId;
  }

  async consent(customerId: string, more: object = {}): Promise<string> {
    const { body } = await this.as('customer-service')
      .post(`/v1/customers/${customerId}/consents`)
      .send({
        purposes: ['verification', 'enrolment'],
        noticeVersion: 'test-1',
        noticeLanguage: 'en',
        noticeText: 'We make a voiceprint of your voice and compare it when you call.',
        method: 'web-form',
        ...more,
      })
      .expect(201);
    return (body as { consentId: string }).consentId;
  }

  /** From now on a voiceprint that takes another's place is compared with at once. */
  async trustsNewVoiceprints(): Promise<void> {
    const { body } = await this.as('admin').get('/v1/policy').expect(200);
    const policy = { ...(body as Policy) } satisfies PolicyDocument;
    Reflect.deleteProperty(policy, 'version');
    const enrolment = { ...policy.enrolment, coolingOffHours: { replacement: 0, first: 0 } };
    await this.as('admin')
      .put('/v1/policy')
      .send({ ...policy, enrolment })
      .expect(200);
  }

  async upload(customerId: string, file: string): Promise<request.Response> {
    return this.as('customer-service')
      .post(`/v1/customers/${customerId}/enrolments`)
      .attach('file', await readFile(file), basename(file));
  }

  async enrolled(accountRef: string, speaker: string): Promise<{ customerId: string; consentId: string }> {
    const customerId = await this.customer(accountRef);
    const consentId = await this.consent(customerId);
    for (const file of speech(speaker, 'enrol-1')) {
      const { status, body } = await this.upload(customerId, file);
      if (status >= 300) throw new Error(`enrolment: ${status} ${JSON.stringify(body)}`);
    }
    return { customerId, consentId };
  }

  /** Resolves when the live feed tells that the platform's call is closed; listen before it starts. */
  async closing(externalId: string): Promise<{ closed: Promise<void> }> {
    const socket = new WebSocket(`${this.app.url.replace(/^http/, 'ws')}/v1/live`, {
      headers: { authorization: `Bearer ${this.tokens.agent}` },
    });
    const closed = (async () => {
      for await (const [data] of on(socket, 'message') as AsyncIterable<[Buffer]>) {
        const { kind, payload } = JSON.parse(data.toString('utf8')) as {
          kind?: string;
          payload?: { result?: CallResult };
        };
        if (kind === 'closed' && payload?.result?.externalId === externalId) break;
      }
      socket.close();
    })();
    await once(socket, 'open');
    return { closed };
  }

  call(
    files: readonly string[],
    options: Partial<CallOptions> = {},
    onResult?: (result: CallResult) => void,
  ): Promise<CallOutcome> {
    return streamCall(
      {
        files,
        url: `${this.app.url.replace(/^http/, 'ws')}/v1/telephony/stream`,
        protocol: { kind: 'plain', token: this.tokens.telephony, results: true },
        speed: testSpeed,
        ...options,
      },
      onResult ? { onResult } : {},
    );
  }
}

export function completed(outcome: CallOutcome): { result: CallResult; callId: string } {
  if (outcome.kind !== 'completed' || !outcome.lastResult || outcome.callId === undefined) {
    throw new Error(`the call was not completed: ${JSON.stringify(outcome)}`);
  }
  return { result: outcome.lastResult, callId: outcome.callId };
}

/** What a call told from its first result in this state to its end. */
export function toldSince(
  state: CallResult['verification']['state'],
  results: readonly CallResult[],
): readonly CallResult[] {
  const first = results.findIndex(({ verification }) => verification.state === state);
  if (first < 0) throw new Error(`the call was never ${state}`);
  return results.slice(first);
}

/** Of a call that was stopped: what it said of the voice all the same. */
export const measuredIn = (results: readonly CallResult[]): readonly CallResult[] =>
  results.filter(({ verification }) => verification.state !== 'opted-out' || verification.llr !== null);

/** Calls the action once, at the first result it holds for; resolves with what the action gave. */
export function when<T>(holds: (result: CallResult) => boolean, action: (result: CallResult) => Promise<T>) {
  let settle: (value: Promise<T>) => void;
  const done = new Promise<T>((resolve) => {
    settle = resolve;
  });
  let acted = false;
  const onResult = (result: CallResult) => {
    if (acted || !holds(result)) return;
    acted = true;
    settle(action(result));
  };
  return { onResult, done };
}
