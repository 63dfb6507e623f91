import { z } from 'zod';
import { canonicalJson } from './chain.js';

/** Why a person is erased; no free text: a receipt names nobody. */
export const erasureReasons = [
  'request-of-the-person',
  'objection',
  'consent-withdrawn',
  'no-longer-needed',
] as const;
export type ErasureReason = (typeof erasureReasons)[number];

const uuid = z.uuid();
const time = z.iso.datetime();

/** The rule of a legal pack under which the erasure was owed. */
export const erasureRuleSchema = z.strictObject({
  packId: z.string().min(1).max(40),
  rule: z.string().min(1).max(80),
  article: z.string().min(1).max(200),
});

/** What a receipt says. Never change what is written for a version: signatures are over these very bytes. */
export const erasureReceiptSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('timbre-erasure-receipt'),
  erasureId: uuid,
  tenantId: uuid,
  customerId: uuid,
  reason: z.enum(erasureReasons),
  rules: z.array(erasureRuleSchema),
  requestId: uuid.nullable(),
  requestedBy: uuid.nullable(),
  requestedAt: time,
  /** Keys that sealed anything of this person, and when each was destroyed. */
  keys: z.array(z.strictObject({ keyId: uuid, destroyedAt: time })),
  erasedAt: time,
  /** Rows deleted or pseudonymised, by table. */
  counts: z.record(z.string(), z.int().nonnegative()),
  signingKeyId: z.string().min(1),
});

export type ErasureReceipt = z.output<typeof erasureReceiptSchema>;

export const signedReceiptSchema = z.strictObject({
  receipt: erasureReceiptSchema,
  /** Ed25519 (RFC 8032) over the receipt's canonical JSON (RFC 8785) in UTF-8; base64url. */
  signature: z.base64url(),
});

export type SignedReceipt = z.output<typeof signedReceiptSchema>;

/** The bytes that are signed. */
export function receiptBytes(receipt: ErasureReceipt): Uint8Array {
  return new TextEncoder().encode(canonicalJson(receipt));
}
