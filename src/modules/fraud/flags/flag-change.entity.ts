import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { CustomerId, FlagId, TenantId, TokenId } from '../../../core/ids.js';
import type { FlagState } from '../../../core/risk/flag-states.js';
import type { Destruction, MeasuredCode, ReasonCode, Severity } from '../../../core/risk/risk-reason.js';

interface FromTo<T> {
  readonly from: T;
  readonly to: T;
}

export type FlagChangeRecord =
  | {
      readonly kind: 'raised';
      readonly severity: Severity;
      readonly reasons: readonly ReasonCode[];
      readonly policyVersion: number;
    }
  | {
      readonly kind: 'grew';
      readonly added: readonly ReasonCode[];
      readonly strengthened: readonly ReasonCode[];
      readonly severity?: FromTo<Severity>;
      /** New evidence put a decided flag back into the queue. */
      readonly state?: FromTo<FlagState>;
      readonly policyVersion: number;
    }
  /** The call had nobody claimed when the flag was raised. */
  | { readonly kind: 'customer-named'; readonly customerId: CustomerId }
  /** The customer said no: of these reasons only the fact is left. */
  | {
      readonly kind: 'measurements-destroyed';
      readonly reasons: readonly MeasuredCode[];
      readonly because: Destruction['because'];
    }
  | {
      readonly kind: 'reviewed';
      readonly state?: FromTo<FlagState>;
      readonly assignee?: FromTo<string | null>;
      readonly note?: string;
    };

/** What happened to a flag, in order, never altered. */
@Entity('flag_changes')
export class FlagChange {
  @PrimaryGeneratedColumn({ type: 'bigint', name: 'change_id' })
  changeId!: string;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('uuid', { name: 'flag_id' })
  flagId!: FlagId;

  @Column('timestamptz')
  at!: Date;

  /** The token of the person's application; null when Timbre itself did it. */
  @Column('uuid', { name: 'changed_by', nullable: true })
  changedBy!: TokenId | null;

  @Column('jsonb')
  change!: FlagChangeRecord;
}
