import type { IncomingMessage } from 'node:http';
import { Inject } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import type {
  Admission,
  GatewayRoute,
  SocketHandlers,
  TimbreGateway,
  TimbreSocket,
} from '../../../platform/ws/gateway.js';
import { StreamEnrolments } from '../../people/voiceprints/stream-enrolments.js';
import { EnrolmentDialogue } from './enrolment-dialogue.js';
import { MyDataService } from './my-data.service.js';
import { isOwnOrigin } from './same-origin.js';
import type { Visit } from './self-service-session.entity.js';
import { secretFrom } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';

/** Enrolment by the microphone of the customer's browser: L16 in, how far it is and what came of it out. */
@WebSocketGateway({ path: '/v1/me/enrolment' })
export class EnrolmentGateway implements TimbreGateway<Visit> {
  constructor(
    private readonly sessions: SessionsService,
    private readonly mine: MyDataService,
    private readonly enrolments: StreamEnrolments,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  afterInit(route: GatewayRoute): void {
    route.serve(this);
  }

  /** A browser sends cookies with any page's WebSocket: the origin is what keeps other pages out (RFC 6455 §10.2). */
  async authenticate({ headers }: IncomingMessage): Promise<Admission<Visit>> {
    if (!isOwnOrigin(headers, this.config.publicUrl))
      return { kind: 'refused', status: 403, title: 'Only Timbre’s own page may ask this' };
    const visit = await this.sessions.resume(secretFrom(headers.cookie));
    if (visit === undefined) return { kind: 'refused', status: 401, title: 'Your visit is over' };
    if (!visit.scopes.includes('enrol'))
      return { kind: 'refused', status: 403, title: 'The link you came with is not for this' };
    return { kind: 'accepted', principal: visit };
  }

  handleConnection(socket: TimbreSocket, _request: IncomingMessage, visit: Visit): SocketHandlers {
    const dialogue = new EnrolmentDialogue(
      socket,
      async (sampleRateHz, news) => {
        const format = { encoding: 'l16', sampleRateHz, channels: 1, callerChannel: 0 } as const;
        const beginning = await this.enrolments.begin(visit, visit.issuedBy, format, news);
        if (beginning.kind === 'begun') this.mine.used(visit, 'enrolment');
        return beginning;
      },
      { firstMessageMs: this.config.firstMessageTimeoutMs, silenceMs: this.config.silenceTimeoutMs },
    );
    return {
      text: (data) => {
        dialogue.text(data);
      },
      binary: (data) => {
        dialogue.binary(data);
      },
      closed: () => {
        dialogue.closed();
      },
    };
  }
}
