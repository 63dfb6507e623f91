import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  receiptBytes,
  signedReceiptSchema,
  type SignedReceipt,
} from '../../src/core/privacy/erasure-receipt.js';
import { isSignedBy, thumbprint } from '../../src/platform/crypto/ed25519.js';
import { UsageError } from './arguments.js';

const jwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.base64url().refine((text) => Buffer.from(text, 'base64url').length === 32),
});
const keyFile = z.union([
  z.object({ keys: z.array(jwk) }).transform(({ keys }) => keys),
  jwk.transform((key) => [key]),
]);

type Print = (line: string) => void;

/** True when one of the given keys signed this very receipt. Needs neither network nor database. */
export async function verifyReceipt(args: readonly string[], print: Print): Promise<boolean> {
  const { receiptPath, keyPath } = parse(args);
  const keys = keyFile.safeParse(await readJson(keyPath));
  if (!keys.success) throw new UsageError('--key: not an Ed25519 key as JWK, or a set of them');
  const read = signedReceiptSchema.safeParse(await readJson(receiptPath));
  if (!read.success) {
    print('NOT GENUINE: this is not an erasure receipt of Timbre');
    return false;
  }
  const { receipt, signature } = read.data;
  const publicKeys = keys.data.map(({ x }) => Buffer.from(x, 'base64url'));
  const signer = publicKeys.find((key) => thumbprint(key) === receipt.signingKeyId);
  if (signer === undefined) {
    print(`NOT GENUINE as far as these keys tell: none of them is ${receipt.signingKeyId}`);
    return false;
  }
  if (!isSignedBy(signer, receiptBytes(receipt), Buffer.from(signature, 'base64url'))) {
    print('NOT GENUINE: the receipt was changed, or not signed with this key');
    return false;
  }
  print(sentence(receipt));
  return true;
}

function sentence(receipt: SignedReceipt['receipt']): string {
  const { customerId, tenantId, erasedAt, keys, counts } = receipt;
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return `genuine: customer ${customerId} of tenant ${tenantId} was erased at ${erasedAt}: ${keys.length} keys destroyed, ${rows} rows`;
}

function parse(args: readonly string[]): { receiptPath: string; keyPath: string } {
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: { key: { type: 'string' } }, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const [receiptPath, ...more] = parsed.positionals;
  const keyPath = parsed.values.key;
  if (receiptPath === undefined || more.length > 0 || keyPath === undefined)
    throw new UsageError('verify-receipt wants one FILE and --key FILE');
  return { receiptPath, keyPath };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
