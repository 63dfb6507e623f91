import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCustomers, type Client, type CustomersServer } from './support.js';

interface Operation {
  readonly requestBody: { readonly content: Record<string, { readonly schema: Record<string, unknown> }> };
}

let timbre: CustomersServer;
let service: Client;
let paths: Record<string, { readonly post: Operation }>;

beforeAll(async () => {
  timbre = await startCustomers();
  service = await timbre.as('customer-service');
  const document = await fetch(`${timbre.server.url}/docs-json`);
  ({ paths } = (await document.json()) as { paths: typeof paths });
});
afterAll(() => timbre.close());

const exampleOf = (path: string): object =>
  paths[path]!.post.requestBody.content['application/json']!.schema['example'] as object;

describe('the examples in the API description', () => {
  it('work as they stand', async () => {
    const made = await service.post('/v1/customers').send(exampleOf('/v1/customers')).expect(201);
    const { customerId } = made.body as { customerId: string };
    const consent = exampleOf('/v1/customers/{customerId}/consents');
    await service.post(`/v1/customers/${customerId}/consents`).send(consent).expect(201);
  });

  it('say that an enrolment takes a file', () => {
    const { content } = paths['/v1/customers/{customerId}/enrolments']!.post.requestBody;
    expect(content['multipart/form-data']?.schema).toMatchObject({
      required: ['file'],
      properties: { file: { format: 'binary' } },
    });
  });
});
