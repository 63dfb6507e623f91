import { type IncomingMessage } from 'node:http';

import type { JsonObject } from './json-object.js';

/** The fields of the URL's query; of one that comes twice, the last. */
export function queryOf(request: IncomingMessage): JsonObject {
  const url = request.url ?? '';
  const at = url.indexOf('?');
  return at < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(at + 1)));
}
