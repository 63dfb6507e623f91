import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, NotFoundException, Post, Query } from '@nestjs/common';
import request from 'supertest';
import { z } from 'zod';
import { Public } from '../../src/platform/http/public.decorator.js';
import { createLogger } from '../../src/platform/logging/logger.js';
import { startServer, type TestServer } from '../support/app.js';

const schema = z.strictObject({
  name: z.string().min(2),
  nested: z.strictObject({ count: z.int() }).optional(),
});

@Public()
@Controller('probe')
class ProbeController {
  @Post()
  take(@Body({ schema }) body: z.infer<typeof schema>): z.infer<typeof schema> {
    return body;
  }

  @Get()
  ask(
    @Query({ schema: z.strictObject({ limit: z.coerce.number().int().max(100).default(20) }) }) query: object,
  ): object {
    return query;
  }

  @Get('broken')
  broken(): never {
    throw Object.assign(new Error('connection to db-7 lost'), { parameters: ['+441632960011'] });
  }

  @Get('people/:ref')
  person(): never {
    throw new NotFoundException();
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

let server: TestServer;
const logged: string[] = [];

beforeAll(async () => {
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString());
      done();
    },
  });
  server = await startServer({ modules: [ProbeModule], logger: createLogger('info', lines) });
});
afterAll(() => server.close());

const post = (body: string, type = 'application/json') =>
  request(server.url).post('/probe').set('Content-Type', type).send(body);

describe('bad input', () => {
  it('is named field by field', async () => {
    const { body, headers }: { body: unknown; headers: unknown } = await post(
      '{"name":"x","nested":{"count":1.5},"more":true}',
    ).expect(400);
    expect(headers).toMatchObject({ 'content-type': expect.stringContaining('application/problem+json') });
    expect(body).toEqual({
      type: 'urn:timbre:problem:bad-input',
      title: 'The input is not valid',
      status: 400,
      errors: expect.arrayContaining([
        { field: 'name', expected: 'string to have >=2 characters' },
        { field: 'nested.count', expected: expect.stringContaining('int') },
        { field: 'more', expected: 'no such field' },
      ]),
    });
  });

  it('that is not JSON is said to be so, without repeating it', async () => {
    const response = await post('{"name": secret-stuff').expect(400);
    expect(response.body).toMatchObject({ errors: [{ field: 'body', expected: 'a JSON document' }] });
    expect(response.text).not.toContain('secret');
  });

  it('that is no object, or of another content type, is refused', async () => {
    expect((await post('[]').expect(400)).body).toMatchObject({ errors: [{ field: 'body' }] });
    expect((await post('name=xy', 'text/plain').expect(400)).body).toMatchObject({
      errors: [{ field: 'body' }],
    });
  });

  it('over 64 KiB is refused', async () => {
    await post(JSON.stringify({ name: 'x'.repeat(70_000) })).expect(413);
  });

  it('in a query is named too', async () => {
    expect((await request(server.url).get('/probe').expect(200)).body).toEqual({ limit: 20 });
    const { body }: { body: unknown } = await request(server.url).get('/probe?limit=many&page=2').expect(400);
    expect(body).toMatchObject({
      errors: expect.arrayContaining([{ field: 'page', expected: 'no such field' }]),
    });
  });
});

describe('an answer', () => {
  it('is a problem where there is no route', async () => {
    const { body, headers }: { body: unknown; headers: unknown } = await request(server.url)
      .get('/nowhere?ani=%2B441632960011')
      .expect(404);
    expect(headers).toMatchObject({ 'content-type': expect.stringContaining('application/problem+json') });
    expect(body).toEqual({ type: 'urn:timbre:problem:not-found', title: 'Not Found', status: 404 });
  });

  it('says nothing of the inside when something broke', async () => {
    const response = await request(server.url).get('/probe/broken').expect(500);
    expect(response.text).not.toContain('db-7');
    expect(logged.join('')).toContain('db-7');
    expect(logged.join('')).not.toContain('+441632960011');
  });

  it('carries headers that keep browsers from guessing, framing and loading foreign code', async () => {
    const { headers } = await request(server.url).get('/health/live').expect(200);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(/default-src 'self'.*frame-ancestors 'none'/),
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

it('logs a request by its pattern, without path, query or body', async () => {
  logged.length = 0;
  await request(server.url).get('/probe/people/ACC-1234?number=%2B441632960011').expect(404);
  const lines = logged.join('');
  expect(lines).toContain('/probe/people/:ref');
  expect(lines).not.toMatch(/ACC-1234|441632960011/);
});

describe('operations', () => {
  it('shows metrics, with requests by pattern', async () => {
    await request(server.url).get('/probe/people/ACC-9999').expect(404);
    const { text, headers } = await request(server.url).get('/metrics').expect(200);
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain(
      'timbre_http_request_duration_seconds_count{method="GET",route="/probe/people/:ref",status="404"}',
    );
    expect(text).not.toContain('ACC-9999');
  });

  it('is ready only while every check holds, and never again once shutdown began', async () => {
    let up = true;
    server.parts.readiness.register('probe', () => {
      if (!up) throw new Error('down');
    });
    expect((await request(server.url).get('/health/ready').expect(200)).body).toEqual({
      ready: true,
      checks: { probe: 'up' },
    });
    up = false;
    expect((await request(server.url).get('/health/ready').expect(503)).body).toEqual({
      ready: false,
      checks: { probe: 'down' },
    });
    up = true;
    server.parts.readiness.turnOff();
    await request(server.url).get('/health/ready').expect(503);
    await request(server.url).get('/health/live').expect(200);
  });

  it('describes its routes with the schemas it checks by', async () => {
    const { body }: { body: unknown } = await request(server.url).get('/docs-json').expect(200);
    const document = body as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(document.openapi).toMatch(/^3\./);
    expect(JSON.stringify(document.paths['/probe']?.['post'])).toContain('"minLength":2');
    await request(server.url).get('/docs').expect(200).expect('content-type', /html/);
  });
});
