import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const wholeSegments = join(import.meta.dirname, '../../models/timbre-sv-8k-v1');

export type Manifest = Record<string, unknown>;

/** A folder for models beside the shipped ones; the network is a shipped one's. */
export class ModelShelf {
  private readonly base = mkdtempSync(join(tmpdir(), 'timbre-models-'));

  /** A shipped model under another id, `change` applied to its manifest. `shelf`: folders of one id need different ones. */
  copy(
    id: string,
    change: (manifest: Manifest) => Manifest = (same) => same,
    shelf = '.',
    shipped = wholeSegments,
  ): string {
    const folder = join(this.base, shelf, id);
    cpSync(shipped, folder, { recursive: true });
    const path = join(folder, 'manifest.json');
    const manifest = { ...(JSON.parse(readFileSync(path, 'utf8')) as Manifest), id };
    writeFileSync(path, JSON.stringify(change(manifest)));
    return folder;
  }

  remove(): void {
    rmSync(this.base, { recursive: true });
  }
}
