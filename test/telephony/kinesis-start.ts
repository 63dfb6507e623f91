import { randomUUID } from 'node:crypto';

import { callProtocols } from '../../src/core/calls/protocols.js';
import { signWebhook } from '../../src/telephony/kinesis/webhook-signature.js';
import { kinesisCredential, type TelephonyServer } from './server.js';

export const streamArn = 'arn:aws:kinesisvideo:us-east-1:111122223333:stream/demo-contact-ab/1700000000000';

interface Start {
  readonly id?: string;
  readonly credentialId?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The signed POST of a Lambda function. */
export async function startKinesis(
  server: TelephonyServer,
  request: object,
  { id = randomUUID(), credentialId, secret = kinesisCredential.secret, headers = {} }: Start = {},
): Promise<{ status: number; body: Readonly<Record<string, unknown>> }> {
  const body = JSON.stringify({ streamArn, contactId: 'c-1', ...request });
  const timestamp = String(Math.floor(server.nowMs / 1000));
  const signature = signWebhook({ id, timestamp, body: Buffer.from(body) }, secret).toString('base64');
  const at = server.url.replace('ws', 'http') + callProtocols.kinesis.at;
  const answer = await fetch(`${at}/${credentialId ?? kinesisCredential.credentialId}`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
      ...headers,
    },
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}
