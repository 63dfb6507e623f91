import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a message's time may be from ours: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const maxSkewMs = 5 * 60_000;

const prefix = 'whsec_';
/** Long enough for any id, short enough for a row. */
const idForm = /^[\x21-\x7e]{1,256}$/;

export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  /** `v1,` and base64; several, apart by spaces, while a secret is exchanged. */
  readonly signature: string;
  readonly body: Uint8Array;
}

/** Standard Webhooks: HMAC-SHA256 of id, time and body. */
export function isSigned(message: SignedMessage, secret: string, nowMs: number): boolean {
  const { id, timestamp, signature } = message;
  if (!idForm.test(id) || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > maxSkewMs) return false;
  const expected = signWebhook(message, secret);
  return signature.split(' ').some((one) => {
    const given = Buffer.from(one.startsWith('v1,') ? one.slice(3) : '', 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

export function signWebhook(
  { id, timestamp, body }: Omit<SignedMessage, 'signature'>,
  secret: string,
): Buffer {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
