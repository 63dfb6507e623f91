import { z } from 'zod';
import { erasureReasons } from '../../../core/privacy/erasure-receipt.js';
import { ed25519JwkSchema } from '../../../platform/crypto/schemas.js';

export const erasureEraseAnswer = z.object({
  receipt: z.object({
    v: z.literal(1),
    kind: z.literal('timbre-erasure-receipt'),
    erasureId: z.string(),
    tenantId: z.string(),
    customerId: z.string(),
    reason: z.enum(erasureReasons),
    rules: z.array(z.object({ packId: z.string(), rule: z.string(), article: z.string() })),
    requestId: z.string().nullable(),
    requestedBy: z.string().nullable(),
    requestedAt: z.iso.datetime(),
    keys: z
      .array(z.object({ keyId: z.string(), destroyedAt: z.iso.datetime() }))
      .describe('Keys that sealed anything of this person, and when each was destroyed.'),
    erasedAt: z.iso.datetime(),
    counts: z.record(z.string(), z.number()).describe('Rows deleted or pseudonymised, by table.'),
    signingKeyId: z.string(),
  }),
  signature: z
    .string()
    .describe("Ed25519 (RFC 8032) over the receipt's canonical JSON (RFC 8785) in UTF-8; base64url."),
});

export const erasureReceiptsAnswer = z.object({
  receipts: z.array(
    z.object({
      receipt: z.object({
        v: z.literal(1),
        kind: z.literal('timbre-erasure-receipt'),
        erasureId: z.string(),
        tenantId: z.string(),
        customerId: z.string(),
        reason: z.enum(erasureReasons),
        rules: z.array(z.object({ packId: z.string(), rule: z.string(), article: z.string() })),
        requestId: z.string().nullable(),
        requestedBy: z.string().nullable(),
        requestedAt: z.iso.datetime(),
        keys: z
          .array(z.object({ keyId: z.string(), destroyedAt: z.iso.datetime() }))
          .describe('Keys that sealed anything of this person, and when each was destroyed.'),
        erasedAt: z.iso.datetime(),
        counts: z.record(z.string(), z.number()).describe('Rows deleted or pseudonymised, by table.'),
        signingKeyId: z.string(),
      }),
      signature: z
        .string()
        .describe("Ed25519 (RFC 8032) over the receipt's canonical JSON (RFC 8785) in UTF-8; base64url."),
    }),
  ),
});

export const erasureReceiptKeysAnswer = z.object({ keys: z.array(ed25519JwkSchema) });
