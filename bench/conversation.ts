import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encoders, readCallAudio } from '../tools/call/call-audio.js';

/** ITU-T P.59, table 2 (artificial conversational speech): mean talk spurt and pause, an activity of 38.7 %. */
export const talkSpurtMs = 1004;
export const pauseMs = 1587;

export const packetMs = 20;
export const samplesPerMs = 8;

export interface Speaker {
  readonly name: string;
  readonly packets: readonly Uint8Array[];
}

/**
 * The caller's side of a call as µ-law packets of 20 ms: real speech, `continuous` as recorded or cut into the talk spurts and
 * pauses of a conversation, the pauses filled with noise at −65 dBFS as a line has it.
 */
export async function speakersOf(folder: string, manner: 'continuous' | 'conversation'): Promise<Speaker[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    names.map(async ({ name }) => {
      const files = ['call-1', 'call-2'].map((file) => join(folder, name, `${file}.wav`));
      const { channels } = await readCallAudio(files, {});
      const samples = manner === 'continuous' ? channels[0] : conversation(channels[0]);
      const bytes = encoders.mulaw(samples);
      const size = packetMs * samplesPerMs;
      const packets = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) =>
        bytes.slice(i * size, (i + 1) * size),
      );
      return { name, packets };
    }),
  );
}

function conversation(speech: Float32Array): Float32Array {
  const spurt = talkSpurtMs * samplesPerMs;
  const turn = (talkSpurtMs + pauseMs) * samplesPerMs;
  const turns = Math.ceil(speech.length / spurt);
  const amplitude = 10 ** (-65 / 20) * Math.sqrt(3);
  return Float32Array.from({ length: turns * turn }, (_, i) => {
    const at = i % turn;
    const noise = amplitude * (2 * Math.random() - 1);
    return at < spurt ? (speech[Math.floor(i / turn) * spurt + at] ?? noise) : noise;
  });
}
