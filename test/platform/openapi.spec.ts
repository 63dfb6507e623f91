import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import request from 'supertest';
import { startApp, type TestApp } from '../support/app.js';

interface Answer {
  readonly description: string;
  readonly content?: Readonly<
    Record<
      string,
      {
        readonly schema?: { readonly $ref?: string };
        readonly example?: unknown;
        readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
      }
    >
  >;
}

interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<Record<string, Answer>>;
  readonly 'x-roles'?: readonly string[];
}

let timbre: TestApp;
let document: {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, unknown>;
    readonly securitySchemes: Record<string, { readonly in?: string; readonly name?: string }>;
  };
};
let operations: { readonly route: string; readonly operation: Operation }[];

beforeAll(async () => {
  timbre = await startApp();
  const { body } = (await request(timbre.url).get('/docs-json').expect(200)) as { body: typeof document };
  document = body;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}, 60_000);
afterAll(() => timbre.close());

const statuses = (operation: Operation, from: number, to: number) =>
  Object.entries(operation.responses).filter(([status]) => Number(status) >= from && Number(status) < to);

describe('the API description', () => {
  it('says of every route what it answers, with a schema', () => {
    const silent = operations.filter(({ operation }) =>
      statuses(operation, 200, 300).some(
        ([status, { content }]) =>
          status !== '204' &&
          !(
            content && Object.values(content).every(({ schema }) => schema && Object.keys(schema).length > 0)
          ),
      ),
    );
    expect(silent.map(({ route }) => route)).toEqual([]);
  });

  it('says of every refusal that it is a problem', () => {
    const others = operations.flatMap(({ route, operation }) =>
      statuses(operation, 400, 600)
        .filter(
          ([, { content }]) =>
            content?.['application/problem+json']?.schema?.$ref !== '#/components/schemas/Problem',
        )
        .map(([status]) => `${route} ${status}`),
    );
    expect(others).toEqual([]);
  });

  it('says whose token a route takes, or that the customer’s own visit opens it, or that it is open', () => {
    for (const { route, operation } of operations) {
      const [needed] = operation.security;
      const [by] = Object.keys(needed ?? {});
      if (by === 'bearer') {
        expect(operation['x-roles']).not.toHaveLength(0);
        expect(operation.responses['403']!.description).toContain(operation['x-roles']![0]);
      } else expect(by).toBe(/ \/v1\/me(\/(?!session)|$)/.test(route) ? 'visit' : undefined);
      if (needed) expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403']));
    }
    expect(document.components.securitySchemes['visit']).toMatchObject({ in: 'cookie' });
  });

  it('refers to nothing that it does not hold', () => {
    const named = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name!,
    );
    expect(named.filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['CallResult', 'CustomerState', 'FlagSummary', 'ConsentView', 'Problem']),
    );
  });

  it('is the one in openapi.json, which `npm run openapi` writes anew', () => {
    expect(document).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });

  it('shows examples that are as it says', () => {
    const ajv = new Ajv2020({ strict: false });
    formats.default(ajv);
    ajv.addSchema({ components: document.components }, 'timbre');
    const shown = operations.flatMap(({ route, operation }) =>
      Object.entries(operation.responses).flatMap(([status, { content }]) =>
        Object.values(content ?? {}).flatMap(({ schema, example, examples = {} }) =>
          [example, ...Object.values(examples).map(({ value }) => value)]
            .filter((value) => value !== undefined)
            .map((value) => ({ at: `${route} ${status}`, schema, value })),
        ),
      ),
    );
    expect(shown.length).toBeGreaterThan(50);
    const wrong = shown.flatMap(({ at, schema, value }) => {
      const whole = JSON.stringify(schema).replaceAll('"#/', '"timbre#/');
      const validate = ajv.compile(JSON.parse(whole) as object);
      return validate(value) ? [] : [`${at}: ${ajv.errorsText(validate.errors)}`];
    });
    expect(wrong).toEqual([]);
  });

  it('gives each operation a name of its own', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });
});
