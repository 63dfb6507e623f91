import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import request from 'supertest';
import { roles, type Principal } from '../../src/core/auth/principal.js';
import type { TenantId } from '../../src/core/ids.js';
import { CurrentPrincipal } from '../../src/platform/http/current-principal.decorator.js';
import { Roles } from '../../src/platform/http/roles.decorator.js';
import { AUTHENTICATOR, type Authenticator } from '../../src/platform/auth/authenticator.port.js';
import { startServer, type TestServer } from '../support/app.js';
import { nextFact } from '../support/facts.js';

@Controller('probe')
class ProbeController {
  @Get('whoami')
  @Roles('agent', 'fraud')
  whoami(@CurrentPrincipal() principal: Principal): Principal {
    return principal;
  }

  @Get('closed')
  closed(): string {
    return 'nobody should read this';
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

let server: TestServer;
let nowMs: number;
let tenantId: TenantId;
let admin: string;

beforeAll(async () => {
  server = await startServer({ modules: [ProbeModule], clock: { nowMs: () => nowMs } });
});
afterAll(() => server.close());
beforeEach(async () => {
  nowMs = Date.parse('2026-03-01T12:00:00Z');
  tenantId = await server.makeTenant();
  admin = await server.makeToken(tenantId, 'admin');
});

const get = (path: string, token: string) =>
  request(server.url).get(path).set('Authorization', `Bearer ${token}`);

describe('a route with roles', () => {
  it('knows who asks', async () => {
    const token = await server.makeToken(tenantId, 'agent');
    const { body }: { body: unknown } = await get('/probe/whoami', token).expect(200);
    expect(body).toMatchObject({ tenantId, role: 'agent' });
  });

  it('asks for a token where there is none', async () => {
    const response = await request(server.url).get('/probe/whoami').expect(401);
    expect(response.headers['content-type']).toMatch('application/problem+json');
    expect(response.headers['www-authenticate']).toBe('Bearer realm="timbre"');
    expect(response.body).toMatchObject({ type: 'urn:timbre:problem:unauthorized', status: 401 });
  });

  it('refuses other roles and says which it needs', async () => {
    const { body }: { body: unknown } = await get('/probe/whoami', admin).expect(403);
    expect(body).toMatchObject({
      type: 'urn:timbre:problem:forbidden',
      detail: expect.stringContaining('agent or fraud'),
    });
  });

  it.each([
    ['no token of ours', 'secret'],
    ['a token nobody made', `tmb_${'0'.repeat(32)}_${'A'.repeat(43)}`],
  ])('refuses %s', async (_, token) => {
    await get('/probe/whoami', token).expect(401);
  });

  it("refuses a token's secret under another tenant", async () => {
    const token = await server.makeToken(tenantId, 'agent');
    const other = await server.makeTenant();
    await get('/probe/whoami', token.replace(tenantId.replaceAll('-', ''), other.replaceAll('-', ''))).expect(
      401,
    );
  });
});

it.each(roles)('a route that names no role is open to nobody: %s', async (role) => {
  await get('/probe/closed', await server.makeToken(tenantId, role)).expect(403);
});

describe('/v1/tokens', () => {
  const post = (body: object) =>
    request(server.url).post('/v1/tokens').set('Authorization', `Bearer ${admin}`).send(body);

  it('makes a token that works, shows it once and keeps no more than its hash', async () => {
    const { body: made }: { body: unknown } = await post({ role: 'agent', label: 'desk 1' }).expect(201);
    await get('/probe/whoami', (made as { token: string }).token).expect(200);
    const list = await get('/v1/tokens', admin).expect(200);
    expect(list.text).toContain('desk 1');
    expect(list.text).not.toContain((made as { token: string }).token.slice(-43));
    const stored = await server.database.forTenant(tenantId, (em) =>
      em.query<{ row: string }[]>('SELECT t::text AS row FROM api_tokens t'),
    );
    expect(JSON.stringify(stored)).not.toContain((made as { token: string }).token.slice(-43));
  });

  it('is for admins only', async () => {
    await get('/v1/tokens', await server.makeToken(tenantId, 'fraud')).expect(403);
  });

  it('names each field that is wrong', async () => {
    const { body }: { body: unknown } = await post({ role: 'king', extra: 1 }).expect(400);
    expect(body).toMatchObject({
      type: 'urn:timbre:problem:bad-input',
      errors: expect.arrayContaining([
        { field: 'role', expected: expect.stringContaining('telephony') },
        { field: 'label', expected: expect.stringContaining('string') },
        { field: 'extra', expected: 'no such field' },
      ]),
    });
  });

  it('refuses an end in the past', async () => {
    const { body }: { body: unknown } = await post({
      role: 'agent',
      label: 'late',
      expiresAt: '2026-02-01T00:00:00Z',
    }).expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'expiresAt' }] });
  });

  it('ends a token at its time, although it was used a moment before', async () => {
    const { body }: { body: unknown } = await post({
      role: 'agent',
      label: 'short',
      expiresAt: '2026-03-01T12:00:02Z',
    }).expect(201);
    const { token } = body as { token: string };
    await get('/probe/whoami', token).expect(200);
    nowMs += 2000;
    await get('/probe/whoami', token).expect(401);
  });

  it('revokes a token at once, although it was used a moment before', async () => {
    const { body }: { body: unknown } = await post({ role: 'agent', label: 'lost' }).expect(201);
    const { token, tokenId } = body as { token: string; tokenId: string };
    await get('/probe/whoami', token).expect(200);
    const read = nextFact(server.app, ({ action }) => action === 'token-revoked');
    await request(server.url)
      .delete(`/v1/tokens/${tokenId}`)
      .set('Authorization', `Bearer ${admin}`)
      .expect(204);
    expect(await read).toMatchObject({ tenantId, subject: { kind: 'token', id: tokenId } });
    await get('/probe/whoami', token).expect(401);
  });

  it("knows nothing of another tenant's tokens", async () => {
    const { body }: { body: unknown } = await post({ role: 'agent', label: 'mine' }).expect(201);
    const other = await server.makeToken(await server.makeTenant(), 'admin');
    const { tokenId } = body as { tokenId: string };
    const response = await request(server.url)
      .delete(`/v1/tokens/${tokenId}`)
      .set('Authorization', `Bearer ${other}`)
      .expect(404);
    expect(response.body).toMatchObject({ type: 'urn:timbre:problem:not-found' });
    expect((await get('/v1/tokens', other).expect(200)).text).not.toContain('mine');
  });

  it('refuses an id that is none', async () => {
    const { body }: { body: unknown } = await request(server.url)
      .delete('/v1/tokens/7')
      .set('Authorization', `Bearer ${admin}`)
      .expect(400);
    expect(body).toMatchObject({ errors: [{ field: 'tokenId', expected: 'a valid UUID' }] });
  });
});

it('keeps what it knows of a token for five seconds at most, whatever is read', async () => {
  const token = await server.makeToken(tenantId, 'agent');
  const authenticator = server.app.get<Authenticator>(AUTHENTICATOR, { strict: false });
  expect(await authenticator.authenticate(token)).toBeDefined();
  await server.database.forTenant(tenantId, (em) =>
    em.query(`UPDATE api_tokens SET revoked_at = now() WHERE role = 'agent'`),
  );
  expect(await authenticator.authenticate(token)).toBeDefined();
  nowMs += 5000;
  expect(await authenticator.authenticate(token)).toBeUndefined();
});
