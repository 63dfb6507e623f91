interface Ruling {
  readonly packId: string;
  readonly rule: string;
  readonly article: string;
}

/** What the page reads of a request about a person's rights. */
export interface RightsRequest {
  readonly requestId: string;
  readonly customerId: string;
  readonly kind: string;
  readonly scopes: readonly string[];
  readonly channel: string;
  readonly state: string;
  readonly packs: readonly string[];
  readonly right: Ruling | null;
  readonly receivedAt: string;
  readonly dueAt: string;
  readonly dueBy: Ruling;
  readonly standing: 'answered' | 'on-time' | 'due-soon' | 'overdue';
  readonly extension:
    | { readonly kind: 'possible'; readonly until: string }
    | { readonly kind: 'made'; readonly at: string; readonly reason: string | null }
    | { readonly kind: 'not-allowed' };
  readonly receipt: {
    readonly standing: 'not-asked' | 'to-confirm' | 'confirmed' | 'overdue';
    readonly confirmBy: string | null;
    readonly confirmedAt: string | null;
  };
  readonly identity: {
    readonly method: string;
    readonly passed: boolean;
    readonly checkedAt: string;
  } | null;
  readonly releasedAt: string | null;
  readonly answer: {
    readonly at: string;
    readonly explanation: string | null;
    readonly refusal: { readonly reason: string; readonly article: string } | null;
    readonly erasureId: string | null;
  } | null;
  readonly appealUnder: Ruling | null;
}

export interface RequestPage {
  readonly requests: readonly RightsRequest[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}
