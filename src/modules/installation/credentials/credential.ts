import { z } from 'zod';

import type { TelephonyCredential } from './telephony-credential.entity.js';

/** HMAC-SHA256 is as strong as its secret: 128 bits, and no more than a header or a form would take. */
const minSecretBytes = 16;
const maxSecretBytes = 256;

const twilio = z.strictObject({
  protocol: z.literal('twilio'),
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/, 'AC and 32 hexadecimal digits'),
  authToken: z.string('the account’s auth token').min(16, 'at least 16 characters').max(256),
});

const audiohook = z.strictObject({
  protocol: z.literal('audiohook'),
  // What a quoted string of Signature-Input carries without escapes (RFC 8941 §3.3.3), and no space.
  apiKey: z
    .string('the integration’s API key')
    .regex(/^[\x21\x23-\x5b\x5d-\x7e]{8,128}$/, '8 to 128 ASCII characters without space, " and \\'),
  clientSecret: z
    .string('the integration’s client secret, in base64')
    .max(Math.ceil(maxSecretBytes / 3) * 4)
    .refine(isBase64Secret, `base64 of ${String(minSecretBytes)} to ${String(maxSecretBytes)} bytes`),
});

const secretPrefix = 'whsec_';

const kinesis = z.strictObject({
  protocol: z.literal('kinesis'),
  roleArn: z
    .string('the ARN of a role that may read the streams')
    .max(256)
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,128}$/,
      'the ARN of a role that may read the streams',
    ),
  secret: z
    .string('the secret that signs what starts a call')
    .max(secretPrefix.length + Math.ceil(maxSecretBytes / 3) * 4)
    .refine(
      (text) => text.startsWith(secretPrefix) && isBase64Secret(text.slice(secretPrefix.length)),
      `${secretPrefix} and base64 of ${String(minSecretBytes)} to ${String(maxSecretBytes)} bytes`,
    ),
});

/** What a tenant says of one telephony account. */
export const newCredential = z
  .discriminatedUnion('protocol', [twilio, audiohook, kinesis], 'twilio, audiohook or kinesis')
  .meta({
    example: {
      protocol: 'audiohook',
      apiKey: 'genesys-production',
      clientSecret: 'TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU=',
    },
  });
export type NewCredential = z.output<typeof newCredential>;

/** What a credential is called; its secret is never given back. */
export type CredentialSummary = { readonly credentialId: string; readonly createdAt: string } & (
  | { readonly protocol: 'twilio'; readonly accountSid: string }
  | { readonly protocol: 'audiohook'; readonly apiKey: string }
  | { readonly protocol: 'kinesis'; readonly roleArn: string }
);

/** A credential's own name and secret, whatever its protocol calls them. */
export function namedSecret(credential: NewCredential): { externalId: string; secret: string } {
  switch (credential.protocol) {
    case 'twilio':
      return { externalId: credential.accountSid, secret: credential.authToken };
    case 'audiohook':
      return { externalId: credential.apiKey, secret: credential.clientSecret };
    case 'kinesis':
      return { externalId: credential.roleArn, secret: credential.secret };
  }
}

export function summary(
  row: Pick<TelephonyCredential, 'credentialId' | 'protocol' | 'externalId' | 'createdAt'>,
): CredentialSummary {
  const { credentialId, protocol, externalId } = row;
  const createdAt = row.createdAt.toISOString();
  switch (protocol) {
    case 'twilio':
      return { credentialId, protocol, accountSid: externalId, createdAt };
    case 'audiohook':
      return { credentialId, protocol, apiKey: externalId, createdAt };
    case 'kinesis':
      return { credentialId, protocol, roleArn: externalId, createdAt };
  }
}

/** RFC 4648 §4, canonical: Buffer.from would skip whatever it does not know. */
function isBase64Secret(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  const { length } = bytes;
  return length >= minSecretBytes && length <= maxSecretBytes && bytes.toString('base64') === text;
}
