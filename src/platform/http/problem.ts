/** What of the input was wrong: where, and what was expected there. */
export interface FieldError {
  readonly field: string;
  readonly expected: string;
}

interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** Extension members of the problem (RFC 9457 §3.2). */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Response headers that belong to the status, such as WWW-Authenticate. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in the words of RFC 9457; the slug becomes its type, urn:timbre:problem:SLUG. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    readonly slug: string,
    readonly title: string,
    readonly options: ProblemOptions = {},
  ) {
    super(options.detail === undefined ? title : `${title}: ${options.detail}`);
    this.name = 'ProblemError';
  }
}

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly [extension: string]: unknown;
}

export function problemDocument(problem: ProblemError): ProblemDocument {
  const { detail, errors, extra } = problem.options;
  return {
    ...extra,
    type: `urn:timbre:problem:${problem.slug}`,
    title: problem.title,
    status: problem.status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  };
}
