/** RFC 9457, as Timbre answers what it refuses. */
export interface Problem {
  readonly type?: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly field: string; readonly expected: string }[];
}

export type Outcome<T = unknown> =
  | { readonly kind: 'done'; readonly body: T }
  /** `status` is null when no answer came. */
  | { readonly kind: 'failed'; readonly message: string; readonly status: number | null };

/** A page's requests to its own origin. Each ends in a value: what came back, or why not in words. */
export class Requests {
  private readonly token: string;

  private readonly tokenRefused: () => void;

  /** `tokenRefused`: the token is valid no more; the page's owner is to sign in again. */
  constructor(token: string, tokenRefused: () => void = () => undefined) {
    this.token = token;
    this.tokenRefused = tokenRefused;
  }

  async send<T = unknown>(method: string, path: string, body?: object): Promise<Outcome<T>> {
    const outcome = await this.fetch(method, path, body);
    if (outcome.kind === 'failed') return outcome;
    const text = await outcome.body.text();
    return { kind: 'done', body: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** What is to be saved as a file, whatever its type. */
  file(path: string): Promise<Outcome<Blob>> {
    return this.fetch('GET', path);
  }

  private async fetch(method: string, path: string, body?: object): Promise<Outcome<Blob>> {
    try {
      const answer = await fetch(path, {
        method,
        headers: {
          Authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (answer.ok) return { kind: 'done', body: await answer.blob() };
      if (answer.status === 401) this.tokenRefused();
      const problem = (await answer.json()) as Problem;
      return { kind: 'failed', message: problemText(problem), status: answer.status };
    } catch {
      return {
        kind: 'failed',
        message: 'Timbre could not be reached. Nothing was recorded; try again.',
        status: null,
      };
    }
  }
}

export function problemText(problem: Problem): string {
  const fields = problem.errors?.map(({ field, expected }) => `${field}: ${expected}`) ?? [];
  return [problem.detail ?? problem.title, ...fields].join(' ');
}
