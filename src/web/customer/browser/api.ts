import type { MyObjection, MyReceipt, MyRequest, MyState, MyWithdrawal, Purpose } from './api-types.js';

export type Answer<T = unknown> =
  | { readonly kind: 'done'; readonly body: T }
  /** The last part of the problem's type; `unreachable` when no answer came. */
  | { readonly kind: 'failed'; readonly slug: string };

/** The page's requests to its own origin. Who is asking the browser's cookie says, which no script can read. */
export class Api {
  /** The link is in the body: in no address, no log. */
  open(link: string): Promise<Answer> {
    return json('POST', '/v1/me/session', { link });
  }

  leave(): Promise<Answer> {
    return json('DELETE', '/v1/me/session');
  }

  state(): Promise<Answer<MyState>> {
    return json('GET', '/v1/me');
  }

  agree(purpose: Purpose, noticeVersion: string, noticeLanguage: string): Promise<Answer> {
    return json('POST', '/v1/me/consents', { purposes: [purpose], noticeVersion, noticeLanguage });
  }

  withdraw(purpose: Purpose): Promise<Answer<MyWithdrawal>> {
    return json('DELETE', `/v1/me/consents/${purpose}`);
  }

  /** A copy to keep, as a file. */
  data(kind: 'html' | 'json', language: string): Promise<Answer<Blob>> {
    return send('GET', kind === 'html' ? `/v1/me/data.html?language=${language}` : '/v1/me/data');
  }

  requests(): Promise<Answer<{ readonly requests: readonly MyRequest[] }>> {
    return json('GET', '/v1/me/requests');
  }

  ask(request: object): Promise<Answer> {
    return json('POST', '/v1/me/requests', request);
  }

  objections(): Promise<Answer<{ readonly objections: readonly MyObjection[] }>> {
    return json('GET', '/v1/me/objections');
  }

  takeBack(objectionId: string): Promise<Answer> {
    return json('DELETE', `/v1/me/objections/${objectionId}`);
  }

  erase(): Promise<Answer<MyReceipt>> {
    return json('POST', '/v1/me/erasure', { erase: 'everything' });
  }

  forgetPending(): Promise<Answer> {
    return json('DELETE', '/v1/me/enrolment');
  }
}

async function json<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  const answer = await send(method, path, body);
  if (answer.kind === 'failed') return answer;
  const text = await answer.body.text();
  return { kind: 'done', body: (text === '' ? null : JSON.parse(text)) as T };
}

async function send(method: string, path: string, body?: object): Promise<Answer<Blob>> {
  try {
    const answer = await fetch(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (answer.ok) return { kind: 'done', body: await answer.blob() };
    const { type } = (await answer.json()) as { type?: string };
    return { kind: 'failed', slug: type?.split(':').at(-1) ?? 'unreachable' };
  } catch {
    return { kind: 'failed', slug: 'unreachable' };
  }
}
