import type { Config } from '../../../platform/config/config.js';

/** The densest audio taken: 48 kHz, two channels, 16 bits; and room for a WAV header with its notes. */
const bytesPerSecond = 48_000 * 2 * 2;
const headerBytes = 65_536;

/** One recording in a request, of at most the configured length. Without a storage Multer keeps it in memory: audio never touches a disk. */
export function uploadLimits(
  { maxUploadSeconds }: Pick<Config, 'maxUploadSeconds'>,
  text: { readonly fields: number; readonly fieldSize: number },
): { readonly limits: Readonly<Record<'fileSize' | 'files' | 'fields' | 'fieldSize', number>> } {
  return { limits: { fileSize: maxUploadSeconds * bytesPerSecond + headerBytes, files: 1, ...text } };
}
