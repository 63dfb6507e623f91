import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { parseSignature, type SignedRequest } from './signature-input.js';

/** https://developer.genesys.cloud/devapps/audiohook/security: what a signature must cover. */
const required = [
  '@request-target',
  '@authority',
  'audiohook-organization-id',
  'audiohook-session-id',
  'audiohook-correlation-id',
  'x-api-key',
] as const;

const maxSkewMs = 3000;
const maxAgeMs = 10_000;
/** Genesys sends 128 bits or more: 22 characters of base64 without padding. */
const minNonce = 22;
const maxNonce = 256;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface UpgradeFacts {
  readonly target: string;
  readonly authority: string;
  readonly headers: IncomingHttpHeaders;
}

export interface SignedUpgrade {
  readonly apiKey: string;
  readonly sessionId: string;
  readonly organizationId: string;
  readonly nonce: string;
  readonly base: string;
  readonly signature: Buffer;
}

export type Reading =
  | { readonly kind: 'signed'; readonly upgrade: SignedUpgrade }
  | { readonly kind: 'refused'; readonly title: string };

/** All that can be said of an upgrade without knowing a key. */
export function readUpgrade({ target, authority, headers }: UpgradeFacts, nowMs: number): Reading {
  const field = (name: string): string => {
    const value = headers[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const sessionId = field('audiohook-session-id');
  const organizationId = field('audiohook-organization-id');
  const ids = [sessionId, organizationId, field('audiohook-correlation-id')];
  if (!ids.every((id) => uuid.test(id))) return refused('The Audiohook-* ids are required');
  const signed = parseSignature(field('signature-input'), field('signature'));
  if (!signed) return refused('One Signature with its Signature-Input is required');
  const apiKey = field('x-api-key');
  if (apiKey === '' || signed.keyId !== apiKey) return refused('X-API-KEY and keyid must be the same');
  if (signed.nonce.length < minNonce || signed.nonce.length > maxNonce)
    return refused('The nonce has a wrong length');
  const untimely = timeFault(signed, nowMs);
  if (untimely) return refused(untimely);
  if (!required.every((name) => signed.components.includes(name))) {
    return refused('The signature does not cover all that it must');
  }
  const lines: string[] = [];
  for (const name of signed.components) {
    const value = name === '@request-target' ? target : name === '@authority' ? authority : field(name);
    if (value === '') return refused('The signature covers what is not there');
    lines.push(`"${name}": ${value}`);
  }
  const base = [...lines, `"@signature-params": ${signed.signatureParams}`].join('\n');
  const { nonce, signature } = signed;
  return { kind: 'signed', upgrade: { apiKey, sessionId, organizationId, nonce, base, signature } };
}

/** The signature over a base (RFC 9421 §3.3.3); the client secret is base64. */
export function signBase(base: string, clientSecret: string): Buffer {
  return createHmac('sha256', Buffer.from(clientSecret, 'base64')).update(base).digest();
}

export function isSignedBy({ base, signature }: SignedUpgrade, clientSecret: string): boolean {
  const expected = signBase(base, clientSecret);
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

function timeFault({ created, expires }: SignedRequest, nowMs: number): string | undefined {
  if (created * 1000 > nowMs + maxSkewMs) return 'The signature comes from the future';
  if (expires * 1000 < nowMs || nowMs - created * 1000 > maxAgeMs) return 'The signature has expired';
  return undefined;
}

function refused(title: string): Reading {
  return { kind: 'refused', title };
}
