import { createHmac, randomBytes, randomUUID } from 'node:crypto';

import type { ClientOptions } from 'ws';

import { Client } from './client.js';

export const organizationId = 'd7934305-0972-4844-938e-9060eef73d05';

export interface Signing {
  readonly apiKey: string;
  readonly clientSecret: string;
  readonly sessionId?: string;
  /** Changes the parameters of the signature; undefined leaves one out. */
  readonly params?: Readonly<Record<string, string | undefined>>;
  /** Seconds from now. */
  readonly created?: number;
  readonly expires?: number;
  /** Not covered by the signature. */
  readonly uncovered?: string;
  readonly host?: string;
  readonly target?: string;
}

/** Signed headers as Genesys describes them (https://developer.genesys.cloud/devapps/audiohook/security), for now. */
export function signed(url: string, signing: Signing): ClientOptions & { headers: Record<string, string> } {
  const { apiKey, clientSecret, sessionId = randomUUID(), params = {}, uncovered } = signing;
  const { created = 0, expires = 10 } = signing;
  const { host, pathname, search } = new URL(url);
  const sent = {
    'audiohook-organization-id': organizationId,
    'audiohook-session-id': sessionId,
    'audiohook-correlation-id': randomUUID(),
    'x-api-key': apiKey,
  };
  const covered = Object.entries({
    '@request-target': signing.target ?? pathname + search,
    '@authority': signing.host ?? host,
    ...sent,
  }).filter(([name]) => name !== uncovered);
  const now = Math.floor(Date.now() / 1000);
  const parameters: Record<string, string | undefined> = {
    keyid: `"${apiKey}"`,
    nonce: `"${randomBytes(18).toString('base64')}"`,
    alg: '"hmac-sha256"',
    created: String(now + created),
    expires: String(now + expires),
    ...params,
  };
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`;${name}=${value}`],
  );
  const input = `(${covered.map(([name]) => `"${name}"`).join(' ')})${written.join('')}`;
  const base = [...covered, ['@signature-params', input]].map(([n, v]) => `"${n}": ${v}`).join('\n');
  const mac = createHmac('sha256', Buffer.from(clientSecret, 'base64')).update(base).digest('base64');
  return { headers: { ...sent, 'signature-input': `sig1=${input}`, signature: `sig1=:${mac}:` } };
}

export const stereo = { type: 'audio', format: 'PCMU', channels: ['external', 'internal'], rate: 8000 };
export const external = { ...stereo, channels: ['external'] };

/** What open says, at least. */
export const aConversation = (): object => ({
  organizationId,
  conversationId: randomUUID(),
  participant: { id: randomUUID(), ani: '', aniName: '', dnis: '' },
  media: [stereo, external],
  language: 'en-US',
});

/** Genesys's end of one session. */
export class AudiohookClient {
  private seq = 0;

  private constructor(
    readonly client: Client,
    readonly sessionId: string,
  ) {}

  static async connect(url: string, signing: Signing): Promise<AudiohookClient> {
    const sessionId = signing.sessionId ?? randomUUID();
    return new AudiohookClient(await Client.open(url, signed(url, { ...signing, sessionId })), sessionId);
  }

  /** The session of an upgrade that was signed elsewhere. */
  static over(client: Client, headers: Readonly<Record<string, string>>): AudiohookClient {
    return new AudiohookClient(client, headers['audiohook-session-id'] ?? '');
  }

  say(type: string, parameters: object = {}, changed: object = {}): void {
    this.seq += 1;
    const envelope = { version: '2', id: this.sessionId, type, seq: this.seq, serverseq: 0 };
    this.client.send({ ...envelope, position: 'PT0S', parameters, ...changed });
  }

  /** The answer to open. */
  async open(parameters: object = {}): Promise<Readonly<Record<string, unknown>>> {
    this.say('open', { ...aConversation(), ...parameters });
    return this.client.message('opened');
  }

  /** The whole close transaction, and the socket with it. */
  async close(reason: string): Promise<void> {
    this.say('close', { reason });
    await this.client.message('closed');
    this.client.socket.close(1000);
    await this.client.closed;
  }
}
