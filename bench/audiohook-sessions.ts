import { once } from 'node:events';
import { WebSocket } from 'ws';
import { callProtocols } from '../src/core/calls/protocols.js';
import { audiohookWire, type AudiohookOptions } from '../tools/call/audiohook-wire.js';
import { readCallAudio } from '../tools/call/call-audio.js';
import { type CallWire, type Frame, packetsOf } from '../tools/call/wire.js';

const packetsPlayed = 50;
const packetMs = 20;
/** A signature is good for 10 s, so the sessions are dialled one after the other, and held open until all of them are. */
const dialEveryMs = 4;

type Said = Readonly<Record<string, unknown>>;

/** Sessions that are all open together, each in stereo: open, a second of audio, update, close. Any other answer is an error. */
export async function sessionsAtOnce(httpUrl: string, options: AudiohookOptions, count: number) {
  const url = httpUrl.replace(/^http/, 'ws') + callProtocols.audiohook.at;
  const audio = await readCallAudio(['samples/speech/allison/call-1.wav'], {
    sampleRateHz: 8000,
    stereo: true,
  });
  const packets = packetsOf(audio).slice(0, packetsPlayed);
  const startedMs = performance.now();
  const opening = await Promise.allSettled(
    Array.from({ length: count }, async (_, i) => {
      await pause(i * dialEveryMs);
      const wire = audiohookWire(audio, { encoding: 'mulaw', callerChannel: 0 }, options, url);
      return openSession(url, wire);
    }),
  );
  const openedMs = performance.now() - startedMs;
  const open = opening.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const heldAtOnce = open.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length;
  const lives = await Promise.allSettled(open.map((session) => live(session, packets)));
  const errors = [...opening, ...lives].flatMap((one) =>
    one.status === 'rejected' ? [String(one.reason)] : [],
  );
  const allMs = Math.round(performance.now() - startedMs);
  return {
    sessions: count,
    heldAtOnce,
    errors: errors.length,
    first: errors[0],
    openedMs: Math.round(openedMs),
    allMs,
  };
}

interface Session {
  readonly socket: WebSocket;
  readonly wire: CallWire;
  readonly next: (type: string) => Promise<void>;
}

async function openSession(url: string, wire: CallWire): Promise<Session> {
  const socket = new WebSocket(url, { headers: wire.headers, perMessageDeflate: false });
  const waiting: { type: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  socket.on('message', (data: Buffer) => {
    const said = JSON.parse(data.toString('utf8')) as Said;
    wire.answer?.(said);
    const expected = waiting.shift();
    if (!expected) return;
    if (expected.type === said['type']) expected.resolve();
    else expected.reject(new Error(`${String(said['type'])} ${JSON.stringify(said['parameters'])}`));
  });
  socket.on('error', (error) => waiting.shift()?.reject(error));
  socket.once('close', (code) => waiting.shift()?.reject(new Error(`closed with ${code}`)));
  const next = (type: string): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ type, resolve, reject });
    });
  await once(socket, 'open');
  const opened = next('opened');
  send(socket, wire.begin());
  await opened;
  return { socket, wire, next };
}

async function live(
  { socket, wire, next }: Session,
  packets: readonly (readonly Float32Array[])[],
): Promise<void> {
  const startedMs = performance.now();
  for (const [i, packet] of packets.entries()) {
    await pause(startedMs + i * packetMs - performance.now());
    send(socket, wire.packet(packet));
  }
  const updated = next('updated');
  send(socket, [wire.say?.('update', { language: 'de-DE' }) ?? '']);
  await updated;
  const closed = next('closed');
  const close = wire.end();
  if (close !== 'hang-up') send(socket, close);
  await closed;
  socket.close(1000);
  await once(socket, 'close');
}

function send(socket: WebSocket, frames: readonly Frame[]): void {
  for (const frame of frames) socket.send(frame);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
