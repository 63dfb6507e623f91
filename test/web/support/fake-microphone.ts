import { speech } from '../../self-service/microphone.js';

/** Recorded prompts one after another as one WAV file of 8 kHz: what Chromium's fake microphone hears, again and again. */
export function aRecording(...names: readonly string[]): Buffer {
  const audio = Buffer.concat(names.map(speech));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + audio.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(audio.length, 40);
  return Buffer.concat([header, audio]);
}
