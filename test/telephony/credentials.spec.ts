import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import pg from 'pg';
import request from 'supertest';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';

import { CALL_INTAKE } from '../../src/core/calls/intake.js';
import type { TenantId } from '../../src/core/ids.js';
import { telephonyCredentialsEntities } from '../../src/modules/installation/credentials/telephony-credentials.entities.js';
import { TelephonyCredentialsModule } from '../../src/modules/installation/credentials/telephony-credentials.module.js';
import { TelephonyCredentialsService } from '../../src/modules/installation/credentials/telephony-credentials.service.js';
import { TelephonyModule } from '../../src/telephony/telephony.module.js';
import { startServer, type TestServer } from '../support/app.js';
import { Client } from './client.js';
import { FakeIntake } from './fake-intake.js';
import { nextFact } from '../support/facts.js';
import { recordFact } from '../../src/modules/installation/facts/record-fact.js';

const publicUrl = 'https://timbre.example.com';
const accountSid = 'AC0123456789abcdef0123456789abcdef';
const authToken = 'c0ffee00c0ffee00c0ffee00c0ffee00';
const path = '/v1/telephony-credentials';

@Global()
@Module({ providers: [{ provide: CALL_INTAKE, useValue: new FakeIntake() }], exports: [CALL_INTAKE] })
class Intake {}

let server: TestServer;
let tenantId: TenantId;
let admin: string;

beforeAll(async () => {
  server = await startServer({
    modules: [Intake, TelephonyCredentialsModule, TelephonyModule],
    entities: telephonyCredentialsEntities,
    config: { publicUrl },
  });
  tenantId = await server.makeTenant();
  admin = await server.makeToken(tenantId, 'admin');
});
afterAll(() => server.close());

const twilio = (): string => `${server.url.replace('http', 'ws')}/v1/telephony/twilio`;
const signedBy = (token: string) => ({
  headers: {
    'x-twilio-signature': getExpectedTwilioSignature(
      token,
      'wss://timbre.example.com/v1/telephony/twilio',
      {},
    ),
  },
});
const add = (token: string, body: object) =>
  request(server.url).post(path).auth(token, { type: 'bearer' }).send(body);

async function added(token: string, secret: string, sid = accountSid): Promise<string> {
  const { body } = await add(token, { protocol: 'twilio', accountSid: sid, authToken: secret }).expect(201);
  return (body as { credentialId: string }).credentialId;
}

const revoke = (token: string, credentialId: string) =>
  request(server.url).delete(`${path}/${credentialId}`).auth(token, { type: 'bearer' });

describe('a telephony credential', () => {
  it('lets its account stream from the moment it is added until it is revoked', async () => {
    expect((await Client.refused(twilio(), signedBy(authToken))).status).toBe(401);
    const credentialId = await added(admin, authToken);

    const client = await Client.open(twilio(), signedBy(authToken));
    client.hangUp();
    await revoke(admin, credentialId).expect(204);
    expect((await Client.refused(twilio(), signedBy(authToken))).status).toBe(401);
  });

  it('is listed without its secret, in its own tenant only', async () => {
    const credentialId = await added(admin, authToken);
    const { body, text } = await request(server.url).get(path).auth(admin, { type: 'bearer' }).expect(200);
    expect(body).toEqual({
      credentials: [
        { credentialId, protocol: 'twilio', accountSid, createdAt: expect.any(String) as unknown },
      ],
    });
    expect(text).not.toContain(authToken);

    const stranger = await server.makeToken(await server.makeTenant(), 'admin');
    const theirs = await request(server.url).get(path).auth(stranger, { type: 'bearer' }).expect(200);
    expect(theirs.body).toEqual({ credentials: [] });
    await revoke(stranger, credentialId).expect(404);
    await revoke(admin, credentialId).expect(204);
    await revoke(admin, credentialId).expect(404);
  });

  it('is stored sealed, and nothing of its secret stays when it is revoked', async () => {
    const credentialId = await added(admin, authToken);
    const owner = new pg.Client({ connectionString: server.postgres.adminUrl });
    await owner.connect();
    const secretOf = async (): Promise<Buffer> => {
      const sql = 'SELECT secret_ciphertext FROM telephony_credentials WHERE credential_id = $1';
      const { rows } = await owner.query<{ secret_ciphertext: Buffer }>(sql, [credentialId]);
      return rows[0]!.secret_ciphertext;
    };
    const sealed = await secretOf();
    expect(sealed.length).toBeGreaterThan(authToken.length);
    expect(sealed.includes(authToken)).toBe(false);
    await revoke(admin, credentialId).expect(204);
    expect(await secretOf()).toHaveLength(0);
    await owner.end();
  });

  it('can be rotated: two are in force until the old one is revoked', async () => {
    const newer = 'ab'.repeat(16);
    const old = await added(admin, authToken);
    const next = await added(admin, newer);
    for (const secret of [authToken, newer]) (await Client.open(twilio(), signedBy(secret))).hangUp();
    await revoke(admin, old).expect(204);
    expect((await Client.refused(twilio(), signedBy(authToken))).status).toBe(401);
    (await Client.open(twilio(), signedBy(newer))).hangUp();
    await revoke(admin, next).expect(204);
  });

  it('revoked on another process is forgotten here when it is read', async () => {
    const service = server.app.get(TelephonyCredentialsService, { strict: false });
    const credentialId = await added(admin, authToken);
    const ids = async (): Promise<string[]> => (await service.active()).map((known) => known.credentialId);
    expect(await ids()).toEqual([credentialId]);
    const read = nextFact(server.app, ({ action }) => action === 'telephony-credential-revoked');
    // As the other process would: the row, and what it says of it.
    await server.database.forTenant(tenantId, async (em) => {
      await em.query('UPDATE telephony_credentials SET revoked_at = now() WHERE credential_id = $1', [
        credentialId,
      ]);
      const subject = { kind: 'telephony-credential', id: credentialId } as const;
      await recordFact(em, tenantId, new Date(), {
        action: 'telephony-credential-revoked',
        by: null,
        subject,
      });
    });
    await read;
    expect(await ids()).toEqual([]);
  });

  it.each([
    ['a role that is not admin', async () => add(await server.makeToken(tenantId, 'telephony'), {}), 403],
    ['no token', () => request(server.url).post(path).send({}), 401],
  ])('is not taken with %s', async (_, ask, status) => {
    expect((await ask()).status).toBe(status);
  });

  it.each([
    ['accountSid', { protocol: 'twilio', accountSid: 'AC1', authToken }],
    ['authToken', { protocol: 'twilio', accountSid }],
    ['protocol', { protocol: 'smoke', accountSid, authToken }],
    ['region', { protocol: 'twilio', accountSid, authToken, region: 'ie1' }],
  ])('with a wrong %s is refused, naming it', async (field, body) => {
    const refused = await add(admin, body).expect(400);
    expect((refused.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(
      field,
    );
  });

  it('is not revoked by a name that is no id', async () => {
    await revoke(admin, 'AC1').expect(400);
  });
});
