import type { FlagId } from '../../../core/ids.js';
import { severities, type Severity } from '../../../core/risk/risk-reason.js';
import type { Parameters } from './flag-search.js';

export const flagOrders = ['newest', 'oldest', 'changed', 'gravest'] as const;
export type FlagOrder = (typeof flagOrders)[number];

/** Where a list goes on, in its own order, whatever was raised meanwhile. */
export interface FlagPosition {
  readonly order: FlagOrder;
  readonly at: Date;
  readonly flagId: FlagId;
  readonly severity: Severity;
}

/** 0 for the gravest. As the index flags_awaiting has it. */
const gravity = `CASE flags.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END`;
const gravityOf = (severity: Severity): number => severities.length - 1 - severities.indexOf(severity);

interface Order {
  readonly by: string;
  readonly time: 'createdAt' | 'updatedAt';
  after(position: FlagPosition, parameters: Parameters): string;
}

const byTime = (time: 'createdAt' | 'updatedAt', direction: 'ASC' | 'DESC'): Order => {
  const column = time === 'createdAt' ? 'flags.created_at' : 'flags.updated_at';
  return {
    by: `${column} ${direction}, flags.flag_id ${direction}`,
    time,
    after: ({ at, flagId }, parameters) =>
      `(${column}, flags.flag_id) ${direction === 'ASC' ? '>' : '<'} ` +
      `(${parameters.place(at)}::timestamptz, ${parameters.place(flagId)}::uuid)`,
  };
};

export const orders: Readonly<Record<FlagOrder, Order>> = {
  newest: byTime('createdAt', 'DESC'),
  oldest: byTime('createdAt', 'ASC'),
  changed: byTime('updatedAt', 'DESC'),
  /** Of equal severity whoever waits longest comes first. */
  gravest: {
    by: `${gravity}, flags.created_at, flags.flag_id`,
    time: 'createdAt',
    after: ({ at, flagId, severity }, parameters) =>
      `(${gravity}, flags.created_at, flags.flag_id) > (${parameters.place(gravityOf(severity))}::integer, ` +
      `${parameters.place(at)}::timestamptz, ${parameters.place(flagId)}::uuid)`,
  },
};

export function positionOf(
  order: FlagOrder,
  flag: {
    readonly flagId: FlagId;
    readonly severity: Severity;
    readonly createdAt: Date;
    readonly updatedAt: Date;
  },
): FlagPosition {
  const { flagId, severity } = flag;
  return { order, at: flag[orders[order].time], flagId, severity };
}
