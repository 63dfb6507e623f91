import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import type { MyEnrolment, ServerMessage } from '../../src/modules/rights/self-service/enrolment-messages.js';
import type { Browser } from './support.js';

/** L16 at 8 kHz of a recorded prompt, without its header. */
export function speech(name: string): Buffer {
  const file = readFileSync(new URL(`../../samples/speech/${name}.wav`, import.meta.url));
  const at = file.indexOf('data');
  return file.subarray(at + 8, at + 8 + file.readUInt32LE(at + 4));
}

export const seconds = (audio: Buffer, from: number, to: number): Buffer =>
  audio.subarray(from * 16_000, to * 16_000);

/** As a sound card at 48 kHz would give it: each sample six times. */
export function at48kHz(audio: Buffer): Buffer {
  const wide = Buffer.alloc(audio.length * 6);
  for (let at = 0; at < audio.length; at += 2) {
    for (let copy = 0; copy < 6; copy += 1) wide.writeInt16LE(audio.readInt16LE(at), at * 6 + copy * 2);
  }
  return wide;
}

export function scaled(audio: Buffer, gain: number): Buffer {
  const out = Buffer.alloc(audio.length);
  for (let at = 0; at < audio.length; at += 2)
    out.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(audio.readInt16LE(at) * gain))), at);
  return out;
}

/** The page's end of an enrolment, with the browser's cookie. */
export class Microphone {
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private waiting: {
    wanted: (message: ServerMessage) => boolean;
    resolve: (message: ServerMessage) => void;
  }[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      this.messages.push(message);
      for (const { wanted, resolve } of this.waiting) if (wanted(message)) resolve(message);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Rejects with "Unexpected server response: STATUS" when the upgrade is refused. */
  static async open(browser: Browser, origin = browser.url): Promise<Microphone> {
    const socket = new WebSocket(`${browser.url.replace('http', 'ws')}/v1/me/enrolment`, 'timbre.v1', {
      headers: { Cookie: browser.cookie, Origin: origin },
    });
    const microphone = new Microphone(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return microphone;
  }

  /** Resolves once the server has answered: started, or the result that stands in its way. */
  async start(sampleRateHz = 8000): Promise<void> {
    const answer = Promise.race([this.next('started'), this.next('result')]);
    this.say({ type: 'start', sampleRateHz });
    await answer;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** A tenth of a second at a time. */
  speak(audio: Buffer, bytesAtOnce = 1600): void {
    for (let at = 0; at < audio.length; at += bytesAtOnce)
      this.socket.send(audio.subarray(at, at + bytesAtOnce));
  }

  next(wanted: ServerMessage['type']): Promise<ServerMessage> {
    return this.until(({ type }) => type === wanted);
  }

  until(wanted: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    return new Promise((resolve) => {
      this.waiting.push({ wanted, resolve });
    });
  }

  async result(): Promise<MyEnrolment | undefined> {
    await this.closed;
    return this.messages.flatMap((message) => (message.type === 'result' ? [message.result] : []))[0];
  }
}
