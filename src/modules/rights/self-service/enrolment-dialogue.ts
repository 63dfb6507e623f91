import type { StreamRateHz } from '../../../core/audio/stream-format.js';
import type { TimbreSocket } from '../../../platform/ws/gateway.js';
import type {
  EnrolmentNews,
  StreamEnrolment,
  StreamOutcome,
} from '../../people/voiceprints/stream-enrolment.js';
import type { Beginning } from '../../people/voiceprints/stream-enrolments.js';
import { pageMessage, toMyEnrolment, type ServerMessage } from './enrolment-messages.js';

export interface DialogueTimes {
  readonly firstMessageMs: number;
  readonly silenceMs: number;
}

type Begin = (sampleRateHz: StreamRateHz, news: EnrolmentNews) => Promise<Beginning>;

/** Of audio: a bar that moves four times a second moves smoothly enough. */
const progressEveryMs = 250;

const policyViolation = 1008;

/** One enrolment at a microphone over one socket: start, audio, an end, a result. */
export class EnrolmentDialogue {
  private state: 'idle' | 'beginning' | 'hearing' | 'judging' | 'over' = 'idle';
  private enrolment: StreamEnrolment | undefined;
  private neededMs = 0;
  private lastProgressMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout;

  constructor(
    private readonly socket: TimbreSocket,
    private readonly begin: Begin,
    private readonly times: DialogueTimes,
  ) {
    this.timer = this.closeAfter(times.firstMessageMs, 'no start');
  }

  text(data: string): void {
    const message = pageMessage.safeParse(parsed(data)).data;
    if (message === undefined) this.refuse('not a message of this protocol');
    else if (message.type === 'stop' && this.state === 'hearing') this.finish();
    else if (message.type === 'start' && this.state === 'idle') {
      this.state = 'beginning';
      this.socket.guard(() => this.start(message.sampleRateHz));
    }
    // A stop that crosses the result, or one before anything was begun, says nothing new.
    else if (message.type === 'start') this.refuse('started already');
  }

  binary(data: Buffer): void {
    switch (this.state) {
      case 'idle':
      case 'beginning':
        // Before the gate has answered nothing of a voice is taken.
        this.refuse('audio before started');
        return;
      case 'hearing':
        if (data.length === 0 || data.length % 2 !== 0) this.refuse('audio is 16 bits a sample');
        else if (this.enrolment?.push(data) === false) this.refuse('more audio than anybody speaks');
        else this.timer.refresh();
        return;
      case 'judging':
      case 'over':
        // On its way before the page heard that it is enough.
        return;
    }
  }

  /** The page is gone: what was said is forgotten, unless it was being stored already. */
  closed(): void {
    const wasJudging = this.state === 'judging';
    this.over();
    if (!wasJudging) this.enrolment?.cancel();
  }

  private async start(sampleRateHz: StreamRateHz): Promise<void> {
    const beginning = await this.begin(sampleRateHz, this.news());
    if (beginning.kind === 'no-consent') {
      this.tell(beginning);
      return;
    }
    const { enrolment, neededMs, alreadyMs } = beginning;
    // Gone while the gate was asked, or ended before it was begun.
    if (this.state !== 'beginning') {
      enrolment.cancel();
      return;
    }
    clearTimeout(this.timer);
    this.timer = this.closeAfter(this.times.silenceMs, 'no audio');
    this.enrolment = enrolment;
    this.neededMs = neededMs;
    this.state = 'hearing';
    this.send({ type: 'started', neededMs, netSpeechMs: alreadyMs });
  }

  private news(): EnrolmentNews {
    return {
      progress: ({ positionMs, netSpeechMs, hints }) => {
        if (this.state !== 'hearing' || positionMs - this.lastProgressMs < progressEveryMs) return;
        this.lastProgressMs = positionMs;
        // Speech that waited for the engine is being heard.
        this.timer.refresh();
        const neededMs = this.neededMs;
        this.send({ type: 'progress', netSpeechMs: Math.round(netSpeechMs), neededMs, hints });
      },
      enough: () => {
        if (this.state !== 'hearing') return;
        this.send({ type: 'enough' });
        this.finish();
      },
      ended: (outcome) => {
        this.tell(outcome);
      },
    };
  }

  private finish(): void {
    this.state = 'judging';
    clearTimeout(this.timer);
    this.socket.guard(async () => {
      const outcome = await this.enrolment?.finish();
      if (outcome !== undefined) this.tell(outcome);
    });
  }

  private tell(outcome: StreamOutcome): void {
    if (this.state === 'over') return;
    this.send({ type: 'result', result: toMyEnrolment(outcome) });
    this.over();
    this.socket.close(1000, outcome.kind);
  }

  private refuse(why: string): void {
    this.over();
    this.enrolment?.cancel();
    this.socket.close(policyViolation, why);
  }

  private over(): void {
    this.state = 'over';
    clearTimeout(this.timer);
  }

  private closeAfter(ms: number, why: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.refuse(why);
    }, ms).unref();
  }

  private send(message: ServerMessage): void {
    this.socket.send(JSON.stringify(message));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
