import type { EnrolmentMessage, MyEnrolment } from './api-types.js';
import { toL16 } from './pcm.js';

export interface EnrolmentNews {
  readonly started: (neededMs: number, netSpeechMs: number) => void;
  readonly progress: (message: Extract<EnrolmentMessage, { type: 'progress' }>) => void;
  /** The server has heard enough. */
  readonly enough: () => void;
  /** Said once, whatever happened. */
  readonly ended: (result: MyEnrolment) => void;
}

/** The page's end of one enrolment: audio out, news in. */
export class EnrolmentCall {
  private readonly socket: WebSocket;
  private isStarted = false;
  private isOver = false;

  constructor(
    sampleRateHz: number,
    private readonly news: EnrolmentNews,
  ) {
    const address = new URL('/v1/me/enrolment', location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    this.socket = new WebSocket(address, 'timbre.v1');
    this.socket.onopen = () => {
      this.socket.send(JSON.stringify({ type: 'start', sampleRateHz }));
    };
    this.socket.onmessage = ({ data }) => {
      this.hear(JSON.parse(String(data)) as EnrolmentMessage);
    };
    this.socket.onclose = () => {
      this.end({ kind: 'failed' });
    };
  }

  /** What is said before the server has started is not sent: it would not be taken. */
  send(samples: Float32Array): void {
    if (this.isStarted && !this.isOver && samples.length > 0) this.socket.send(toL16(samples));
  }

  /** No more is coming: judge what there is. */
  stop(): void {
    if (this.isOver) return;
    if (this.isStarted) this.socket.send(JSON.stringify({ type: 'stop' }));
    else this.cancel();
  }

  /** Nothing of it is kept, and nothing is said. */
  cancel(): void {
    this.isOver = true;
    this.socket.close();
  }

  private hear(message: EnrolmentMessage): void {
    if (this.isOver) return;
    switch (message.type) {
      case 'started':
        this.isStarted = true;
        this.news.started(message.neededMs, message.netSpeechMs);
        return;
      case 'progress':
        this.news.progress(message);
        return;
      case 'enough':
        this.news.enough();
        return;
      case 'result':
        this.end(message.result);
    }
  }

  private end(result: MyEnrolment): void {
    if (this.isOver) return;
    this.isOver = true;
    this.news.ended(result);
  }
}
