import { STATUS_CODES } from 'node:http';
import type { OpenAPIObject } from '@nestjs/swagger';
import { rolesExtension } from '../platform/http/roles.decorator.js';

interface Answer {
  readonly description?: string;
  readonly content?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, Answer>>;
  readonly [rolesExtension]?: readonly string[];
}

const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;
const problem = { $ref: '#/components/schemas/Problem' };

/** RFC 9457, with what Timbre adds. */
const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', description: 'urn:timbre:problem:… says which problem it is.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      description: 'Of bad input: each field, and what was expected there.',
      items: {
        type: 'object',
        required: ['field', 'expected'],
        properties: { field: { type: 'string' }, expected: { type: 'string' } },
      },
    },
  },
  additionalProperties: true,
} as const;

/** Says of each route what it refuses with, and whom it lets in: what no route need say by itself. */
export function withRefusals(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of methods) {
      const operation = path[method] as Operation | undefined;
      if (operation !== undefined) Object.assign(operation, refusalsOf(operation));
    }
  }
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: problemSchema as never };
  return document;
}

function refusalsOf(operation: Operation): Partial<Operation> {
  const roles = operation[rolesExtension];
  const security = operation.security ?? (roles === undefined ? [] : [{ bearer: [] }]);
  const takesInput = operation.requestBody !== undefined || (operation.parameters ?? []).length > 0;
  const common: Record<string, Answer> = {
    ...(takesInput
      ? { 400: { description: 'bad-input: errors names each field and what it expects.' } }
      : {}),
    ...(operation.requestBody === undefined
      ? {}
      : { 413: { description: 'too-large' }, 415: { description: 'unsupported-media' } }),
    ...(security.length > 0 ? { 401: { description: whoIsMissing(roles) } } : {}),
    ...(security.length > 0 ? { 403: { description: whoMay(roles) } } : {}),
  };
  const own = operation.responses;
  const responses = Object.keys({ ...common, ...own }).map((status) => {
    const answer = both(common[status], own[status]);
    return [status, Number(status) >= 400 ? asProblem(status, answer) : answer] as const;
  });
  return { security, responses: Object.fromEntries(responses) };
}

/** What every route of its kind answers, and what this one says of it beside. */
function both(common: Answer | undefined, own: Answer | undefined): Answer {
  const descriptions = [common?.description, own?.description].filter((text) => text);
  return { ...common, ...own, description: descriptions.join(' ') };
}

const whoIsMissing = (roles: readonly string[] | undefined): string =>
  roles === undefined ? 'session-over: the visit is over.' : 'unauthorized: no valid API token.';

const whoMay = (roles: readonly string[] | undefined): string =>
  roles === undefined
    ? 'not-in-this-link, or other-origin.'
    : `forbidden: only a token of the role ${roles.join(', ')} may.`;

function asProblem(status: string, { description, content }: Answer): Answer {
  const example = content?.['application/json'] ?? {};
  return {
    description: description || (STATUS_CODES[status] ?? 'Refused.'),
    content: { 'application/problem+json': { ...example, schema: problem } },
  };
}
