/** What the page reads of the data map and of the record of processing. */
interface Named {
  readonly id: string;
  readonly text: string;
}

export interface RecordedActivity {
  readonly name: string;
  readonly purpose: string;
  readonly legalBases: readonly {
    readonly law: string;
    readonly article: string;
    readonly ground: string;
  }[];
  readonly people: readonly string[];
  readonly categories: readonly Named[];
  readonly specialCategory: boolean;
  readonly recipients: readonly string[];
  readonly retention: readonly Named[];
  readonly erasure: readonly Named[];
  readonly tables: readonly string[];
}

interface Contact {
  readonly name: string;
}

export interface ProcessingRecord {
  readonly at: string;
  readonly policyVersion: number;
  readonly controller: Contact | null;
  readonly representative: Contact | null;
  readonly dataProtectionOfficer: Contact | null;
  readonly activities: readonly RecordedActivity[];
  readonly retentionSettings: Readonly<Record<string, number>>;
  readonly productSecurityMeasures: readonly string[];
  readonly securityMeasures: readonly string[];
  readonly missing: readonly string[];
}

export type ColumnUse =
  | { readonly kind: 'not-personal'; readonly why: string }
  | {
      readonly kind: 'personal';
      readonly what: string;
      readonly activity: string;
      readonly retention: string;
      readonly erasure: string;
    };

export interface DataMap {
  readonly tables: readonly {
    readonly table: string;
    readonly what: string;
    readonly columns: Readonly<Record<string, ColumnUse>>;
  }[];
  readonly activities: Readonly<Record<string, { readonly name: string }>>;
  readonly retentionRules: Readonly<Record<string, string>>;
  readonly erasurePaths: Readonly<Record<string, string>>;
  readonly comparedWithDatabase: {
    readonly unmapped: readonly string[];
    readonly stale: readonly string[];
    readonly incomplete: readonly string[];
  };
}
