import { encodeMulaw } from '../../src/core/audio/g711.js';
import type { AnalysisEngine } from '../../src/engine/engine.port.js';
import { MediaStreamMachine } from '../../src/telephony/media-streams/media-stream-machine.js';
import { twilioPlatform, withBothTracks } from '../telephony/media-streams.js';
import { record, type Recorded } from './support.js';

export interface SentTrack {
  readonly track: 'inbound' | 'outbound';
  readonly samples: Float32Array;
}

/** Net speech of a call as Twilio sends it: µ-law packets of 20 ms, the tracks in turn. */
export async function netSpeechOfTracks(
  engine: AnalysisEngine,
  tracks: readonly SentTrack[],
): Promise<number> {
  const { dialect, accountId, connected, media, stop } = twilioPlatform;
  const machine = new MediaStreamMachine(
    dialect,
    accountId,
    { firstMessageMs: 5000, silenceMs: 60_000, quietMs: 5000 },
    0,
  );
  let call: Recorded | undefined;
  const say = (message: object): void => {
    for (const action of machine.text(JSON.stringify(message), 0)) {
      if (action.kind === 'open') call = record(engine, action.description.format);
      if (action.kind === 'audio') call?.stream.push(action.bytes);
    }
  };
  say(connected);
  say(tracks.length > 1 ? withBothTracks(twilioPlatform) : twilioPlatform.start());
  const sent = tracks.map(({ track, samples }) => ({ track, bytes: encodeMulaw(samples) }));
  for (let at = 0; at < (sent[0]?.bytes.length ?? 0); at += 160) {
    const packet = { chunk: at / 160 + 1, timestampMs: at / 8 };
    for (const { track, bytes } of sent)
      say(media({ ...packet, track, bytes: bytes.subarray(at, at + 160) }));
  }
  say(stop());
  if (!call) throw new Error('the call was not opened');
  await call.stream.flush();
  call.stream.close();
  const last = call.events.findLast((event) => event.kind === 'progress');
  return last?.kind === 'progress' ? last.netSpeechMs : 0;
}
