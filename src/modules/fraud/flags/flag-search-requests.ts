import { z } from 'zod';
import type { CallId, CustomerId, FlagId } from '../../../core/ids.js';
import { flagStates } from '../../../core/risk/flag-states.js';
import { severities, signalOf, type ReasonCode } from '../../../core/risk/risk-reason.js';
import { cursorOf } from '../../../platform/http/cursor.js';
import { several } from '../../../platform/http/several.js';
import { flagOrders, type FlagPosition } from './flag-order.js';

const idOf = <Id extends string>() => z.uuid().transform((id) => id as Id);
const text = z
  .string()
  .min(1)
  .max(200)
  .refine((given) => !given.includes('\0'), 'text without NUL');
const time = z.iso
  .datetime({ offset: true, error: 'a time such as 2026-03-01T09:30:00Z' })
  .transform((given) => new Date(given))
  .optional();
const yesOrNo = z.enum(['true', 'false']).transform((given) => given === 'true');

const filters = {
  flagId: several(idOf<FlagId>()),
  callId: several(idOf<CallId>()),
  customerId: several(idOf<CustomerId>()),
  accountRef: several(text),
  numberHash: several(text),
  reason: several(z.enum(Object.keys(signalOf) as [ReasonCode, ...ReasonCode[]])),
  severity: several(z.enum(severities)),
  state: several(z.enum(flagStates)),
  assignee: several(text),
  assigned: yesOrNo.optional(),
  policyVersion: several(z.coerce.number('a number').int().min(0).max(2_147_483_647)),
  from: time,
  to: time,
  changedFrom: time,
  changedTo: time,
};

const position = z
  .tuple([z.enum(flagOrders), z.iso.datetime(), z.uuid(), z.enum(severities)])
  .transform(([order, at, flagId, severity]): FlagPosition => ({
    order,
    at: new Date(at),
    flagId: flagId as FlagId,
    severity,
  }));
export const cursorWords = ({ order, at, flagId, severity }: FlagPosition): string[] => [
  order,
  at.toISOString(),
  flagId,
  severity,
];

export const flagSearchSchema = z
  .strictObject({
    ...filters,
    sort: z.enum(flagOrders).default('newest'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: cursorOf(position).optional(),
    counts: yesOrNo.default(false),
    accountRefs: yesOrNo.default(false),
  })
  .refine(({ cursor, sort }) => cursor === undefined || cursor.order === sort, {
    path: ['cursor'],
    error: 'the nextCursor of an earlier page in the same order',
  });
export type FlagSearchQuery = z.infer<typeof flagSearchSchema>;

export const exportFormats = ['csv', 'ndjson'] as const;
export const flagExportSchema = z.strictObject({
  ...filters,
  format: z.enum(exportFormats).default('ndjson'),
});
export type FlagExportQuery = z.infer<typeof flagExportSchema>;
