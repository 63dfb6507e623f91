import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TenantId, TokenId, WatchlistId } from '../../../core/ids.js';
import type { Ground } from '../../../core/watchlist/list-basis.js';
import type { Reach } from '../../../core/watchlist/screening-gate.js';

@Entity('watchlists')
export class Watchlist {
  @PrimaryColumn('uuid', { name: 'list_id' })
  listId!: WatchlistId;

  @Column('uuid', { name: 'tenant_id' })
  tenantId!: TenantId;

  @Column('text')
  name!: string;

  @Column('text')
  purpose!: string;

  @Column('text')
  ground!: Ground;

  /** The law, in the words of whoever approved it. */
  @Column('text', { name: 'legal_reference' })
  legalReference!: string;

  @Column('text', { array: true })
  residences!: string[];

  @Column('boolean', { name: 'unknown_residence' })
  unknownResidence!: boolean;

  @Column('text')
  reach!: Reach;

  @Column('text', { name: 'approved_by' })
  approvedBy!: string;

  @Column('timestamptz', { name: 'approved_at' })
  approvedAt!: Date;

  @Column('timestamptz', { name: 'review_by' })
  reviewBy!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Token that last recorded the basis. */
  @Column('uuid', { name: 'recorded_by' })
  recordedBy!: TokenId;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;
}
