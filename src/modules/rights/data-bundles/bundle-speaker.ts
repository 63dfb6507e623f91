import { germanCodes } from './bundle-codes-de.js';
import { germanLaw } from './bundle-law-de.js';
import { germanPage } from './bundle-page-de.js';

/** What the page of a bundle can be read in; the customer page speaks the same. */
export const bundleLanguages = ['en', 'de'] as const;
export type BundleLanguage = (typeof bundleLanguages)[number];

/** Says in the reader's language what Timbre itself says. What people wrote, and notices, stay in their own words. */
export interface BundleSpeaker {
  readonly language: BundleLanguage;
  /** By its English words; `{name}` stands for what is put in. */
  readonly say: (english: string, fillIns?: Readonly<Record<string, string | number>>) => string;
  /** A word of the API's, such as a state. */
  readonly code: (code: string) => string;
  /** A retention rule in which days were filled in. */
  readonly rule: (id: string, english: string) => string;
}

const german: ReadonlyMap<string, string> = new Map(Object.entries({ ...germanPage, ...germanLaw.texts }));

/** `missing` hears of what has no German words; it is then shown in English. */
export function bundleSpeaker(
  language: BundleLanguage,
  missing: (text: string) => void = () => undefined,
): BundleSpeaker {
  const known = (key: string, found: string | undefined): string => {
    if (found === undefined && language !== 'en') missing(key);
    return language === 'en' ? key : (found ?? key);
  };
  return {
    language,
    say: (english, fillIns = {}) =>
      known(english, german.get(english)).replace(/\{(\w+)\}/g, (whole, name: string) =>
        String(fillIns[name] ?? whole),
      ),
    code: (code) => known(code, germanCodes[code]),
    rule: (id, english) => {
      const words = known(english, germanLaw.retention[id]);
      const days = new Map(
        [...english.matchAll(/(\d+) days \(([\w.]+)\)/g)].map(([, many, name]) => [name, many]),
      );
      if (language === 'en') return words;
      return words.replace(/\b\w+\.\w+\b/g, (name) =>
        days.has(name) ? `${days.get(name) ?? ''} Tage (${name})` : name,
      );
    },
  };
}
