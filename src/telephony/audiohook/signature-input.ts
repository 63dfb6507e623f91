/** The one signature of a request, as RFC 9421 §4 carries it (Genesys signs by draft 11 of the same). */
export interface SignedRequest {
  readonly components: readonly string[];
  /** As sent: the last line of what was signed. */
  readonly signatureParams: string;
  readonly keyId: string;
  readonly nonce: string;
  readonly created: number;
  readonly expires: number;
  readonly signature: Buffer;
}

const inputForm =
  /^([a-z*][a-z0-9_.*-]{0,63})=(\(("[a-z0-9@-]+"(?: "[a-z0-9@-]+")*)\)((?:;[a-z]+=(?:"[\x20\x21\x23-\x5b\x5d-\x7e]*"|\d{1,15}))+))$/;
const signatureForm = /^([a-z*][a-z0-9_.*-]{0,63})=:([A-Za-z0-9+/]{43}=):$/;
const parameter = /;([a-z]+)=(?:"([^"]*)"|(\d+))/g;

/** Undefined unless it is exactly one signature with every parameter that AudioHook asks for, in canonical form. */
export function parseSignature(input: string, signature: string): SignedRequest | undefined {
  const [, label, signatureParams, listed, written] = inputForm.exec(input.trim()) ?? [];
  const [, signedLabel, encoded] = signatureForm.exec(signature.trim()) ?? [];
  if (!label || !signatureParams || !listed || !written || !encoded || label !== signedLabel)
    return undefined;
  const components = listed.split(' ').map((quoted) => quoted.slice(1, -1));
  const texts = new Map<string, string>();
  const numbers = new Map<string, number>();
  let count = 0;
  for (const [, name = '', text, digits] of written.matchAll(parameter)) {
    count += 1;
    if (text === undefined) numbers.set(name, Number(digits));
    else texts.set(name, text);
  }
  const keyId = texts.get('keyid');
  const nonce = texts.get('nonce');
  const created = numbers.get('created');
  const expires = numbers.get('expires');
  const known = texts.size === 3 && numbers.size === 2 && count === 5 && texts.get('alg') === 'hmac-sha256';
  if (!known || !keyId || !nonce || created === undefined || expires === undefined) return undefined;
  if (new Set(components).size !== components.length) return undefined;
  return {
    components,
    signatureParams,
    keyId,
    nonce,
    created,
    expires,
    signature: Buffer.from(encoded, 'base64'),
  };
}
