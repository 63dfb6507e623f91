export interface Preview {
  readonly asOf: string;
  readonly until: string;
  readonly counts: Readonly<Record<string, { readonly due: number; readonly held: number }>>;
  readonly rows: readonly {
    readonly kind: string;
    readonly id: string;
    readonly customerId: string | null;
    readonly dueAt: string;
    readonly reason: string;
    readonly decidedBy: { readonly packId: string; readonly article: string };
    readonly held: boolean;
  }[];
}

export interface Run {
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly deleted: Readonly<Record<string, number>>;
  readonly held: number;
  readonly late: number;
}

export interface Hold {
  readonly holdId: string;
  readonly customerId: string | null;
  readonly entryId: string | null;
  readonly reason: string;
  readonly state: string;
  readonly placedAt: string;
  readonly endsAt: string;
  readonly releasedAt: string | null;
}
