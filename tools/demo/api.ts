import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

/** The HTTP API as any client would use it; a refusal is an error with the problem's own words. */
export class Api {
  constructor(
    private readonly baseUrl: string,
    private readonly token: string,
  ) {}

  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    return this.send<T>(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  }

  async upload<T>(path: string, file: string): Promise<T> {
    const form = new FormData();
    form.append('file', new Blob([await readFile(file)], { type: 'audio/wav' }), basename(file));
    return this.send<T>(path, { method: 'POST', body: form });
  }

  private async send<T>(path: string, init: RequestInit): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.token}`);
    const response = await fetch(new URL(path, this.baseUrl), { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
