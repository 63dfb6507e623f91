import { type IncomingMessage } from 'node:http';

import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';

import { callProtocols } from '../../core/calls/protocols.js';
import type { Clock } from '../../core/clock.js';
import type { TenantId } from '../../core/ids.js';
import {
  AUDIOHOOK_CREDENTIALS,
  type AudiohookCredentials,
} from '../../platform/auth/audiohook-credentials.port.js';
import { CLOCK } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import type {
  Admission,
  GatewayRoute,
  Refusal,
  SocketHandlers,
  TimbreGateway,
  TimbreSocket,
} from '../../platform/ws/gateway.js';
import { CallSockets } from '../call-sockets.js';
import { queryClaimOf } from '../upgrade-claim.js';
import { AudiohookMachine, type AudiohookSession } from './audiohook-machine.js';
import { AUDIOHOOK_NONCES, type AudiohookNonces } from './audiohook-nonces.js';
import { isSignedBy, readUpgrade, type UpgradeFacts } from './audiohook-signature.js';

interface AudiohookClient extends AudiohookSession {
  readonly tenantId: TenantId;
}

@WebSocketGateway({ path: callProtocols.audiohook.at })
export class AudiohookGateway implements TimbreGateway<AudiohookClient> {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly callSockets: CallSockets,
    @Inject(AUDIOHOOK_CREDENTIALS) private readonly credentials: AudiohookCredentials,
    @Inject(AUDIOHOOK_NONCES) private readonly nonces: AudiohookNonces,
  ) {}

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  async authenticate(request: IncomingMessage): Promise<Admission<AudiohookClient>> {
    const nowMs = this.clock.nowMs();
    const reading = readUpgrade(this.facts(request), nowMs);
    if (reading.kind === 'refused') return refused(401, reading.title);
    const { upgrade } = reading;
    const known = await this.credentials.ofKey(upgrade.apiKey);
    const signer = known.find(({ clientSecret }) => isSignedBy(upgrade, clientSecret));
    if (!signer) return refused(401, 'The signature does not fit any known API key');
    const { tenantId, credentialId: id } = signer;
    // A caller's voice must never reach the wrong tenant: rather none than a guess.
    if (known.some((other) => other.tenantId !== tenantId)) {
      return refused(403, 'This API key is registered by more than one tenant');
    }
    // Last, so that only who holds a secret can fill the memory.
    if (!(await this.nonces.firstSeen(tenantId, upgrade.nonce, nowMs))) {
      return refused(401, 'The nonce has been used before');
    }
    const { sessionId, organizationId } = upgrade;
    return { kind: 'accepted', principal: { tenantId, sessionId, organizationId }, access: { id } };
  }

  handleConnection(socket: TimbreSocket, request: IncomingMessage, client: AudiohookClient): SocketHandlers {
    return this.callSockets.accept(
      'audiohook',
      client.tenantId,
      socket,
      (nowMs) => new AudiohookMachine(client, this.callSockets.timeouts, nowMs),
      queryClaimOf(request),
    );
  }

  /** What Genesys was told and signs; behind a proxy our own Host header may differ from it. */
  private facts({ url = '', headers }: IncomingMessage): UpgradeFacts {
    const { publicUrl } = this.config;
    if (publicUrl === undefined)
      return { target: url, authority: (headers.host ?? '').toLowerCase(), headers };
    const { host, pathname } = new URL(publicUrl);
    return { target: pathname.replace(/\/+$/, '') + url, authority: host, headers };
  }
}

function refused(status: 401 | 403, title: string): Refusal {
  return { kind: 'refused', status, title, challenge: 'Signature' };
}
