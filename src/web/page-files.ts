import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PageFile {
  readonly contentType: string;
  readonly body: Buffer;
  readonly etag: string;
}

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * The files of one page by the path they are served under, read once at start: only what is here can be asked for.
 * The page's HTML has the empty path, its compiled modules lie under js/. `common` is what the pages share, without HTML.
 */
export function readPage(name: string): ReadonlyMap<string, PageFile> {
  const here = fileURLToPath(new URL(`./${name}/`, import.meta.url));
  // Run from the sources (tests), the browser's modules are still only in dist/.
  const browser = import.meta.url.endsWith('.ts')
    ? fileURLToPath(new URL(`../../dist/src/web/${name}/browser/`, import.meta.url))
    : join(here, 'browser');
  if (!existsSync(browser)) {
    throw new Error(`The page ${name} is not built: npm run build`);
  }
  const files = new Map<string, PageFile>();
  for (const file of readdirSync(here).filter((entry) =>
    ['.html', '.css', '.svg'].includes(extname(entry)),
  )) {
    files.set(file === `${name}.html` ? '' : file, read(join(here, file)));
  }
  for (const file of readdirSync(browser).filter((entry) => entry.endsWith('.js'))) {
    files.set(`js/${file}`, read(join(browser, file)));
  }
  return files;
}

function read(path: string): PageFile {
  const body = readFileSync(path);
  return {
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    body,
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
  };
}
