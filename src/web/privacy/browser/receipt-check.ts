export interface SignedReceipt {
  readonly receipt: {
    readonly erasureId: string;
    readonly customerId: string;
    readonly reason: string;
    readonly rules: readonly { readonly packId: string; readonly rule: string; readonly article: string }[];
    readonly requestId: string | null;
    readonly keys: readonly { readonly keyId: string; readonly destroyedAt: string }[];
    readonly erasedAt: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly signingKeyId: string;
  };
  readonly signature: string;
}

export interface Ed25519Jwk {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

export interface ReceiptFinding {
  readonly holds: boolean;
  readonly why: string;
}

/** Ed25519 (RFC 8032) over the receipt's canonical JSON (RFC 8785), by the browser's own WebCrypto. */
export async function checkReceipt(
  { receipt, signature }: SignedReceipt,
  keys: readonly Ed25519Jwk[],
): Promise<ReceiptFinding> {
  const jwk = keys.find(({ kid }) => kid === receipt.signingKeyId);
  if (jwk === undefined) return { holds: false, why: 'Its key is not among the published ones.' };
  try {
    const { kty, crv, x } = jwk;
    const key = await crypto.subtle.importKey('jwk', { kty, crv, x }, { name: 'Ed25519' }, false, ['verify']);
    const holds = await crypto.subtle.verify(
      { name: 'Ed25519' },
      key,
      bytesOf(signature),
      new TextEncoder().encode(canonicalJson(receipt)),
    );
    return holds
      ? { holds, why: 'The signature is that of the published key, and nothing in the receipt was changed.' }
      : { holds, why: 'The signature does not fit: something in the receipt was changed.' };
  } catch {
    return {
      holds: false,
      why: 'This browser cannot check Ed25519 here. Save the receipt and use npx timbre-audit verify-receipt.',
    };
  }
}

/** RFC 8785: members in order of their UTF-16 code units; strings and numbers as ECMAScript writes them. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
