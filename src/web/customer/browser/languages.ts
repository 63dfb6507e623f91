import { german } from './words-de.js';
import { english } from './words-en.js';
import type { TextKey, Words, ProblemKey } from './words.js';

const spoken: readonly Words[] = [english, german];

/** The words of the page for a language; English where it has none of its own. */
export function wordsFor(language: string): Words {
  return spoken.find(({ code }) => code === base(language)) ?? english;
}

/** What a person can choose among: what the page speaks, and what the notice is there in. */
export function choices(notices: readonly { readonly language: string }[]): string[] {
  const offered = notices.map(({ language }) => language);
  const own = spoken.map(({ code }) => code).filter((code) => !offered.some((one) => base(one) === code));
  return [...new Set([...offered, ...own])];
}

/** Of languages, the one that is nearest to what is wanted; the first when none is near. */
export function nearest(wanted: string, languages: readonly string[]): string | undefined {
  return (
    languages.find((one) => one.toLowerCase() === wanted.toLowerCase()) ??
    languages.find((one) => base(one) === base(wanted)) ??
    languages.find((one) => base(one) === 'en') ??
    languages[0]
  );
}

/** What a language calls itself. */
export function nameOf(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}

export function base(language: string): string {
  return (language.split('-')[0] ?? language).toLowerCase();
}

export type FillIns = Readonly<Record<string, string | number>>;

export function fill(text: string, fillIns: FillIns): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(fillIns[name] ?? whole));
}

/** The chosen language, for whatever has something to say. */
export class Speaker {
  private inLanguage: Words = english;

  get words(): Words {
    return this.inLanguage;
  }

  /** Writes the fixed texts of the page. */
  use(words: Words): void {
    this.inLanguage = words;
    document.documentElement.lang = words.code;
    for (const element of document.querySelectorAll('[data-t]')) {
      const text = words.texts[element.getAttribute('data-t') as TextKey];
      if (element.textContent !== text) element.textContent = text;
    }
  }

  say(key: TextKey, fillIns: FillIns = {}): string {
    return fill(this.inLanguage.texts[key], fillIns);
  }

  problem(slug: string): string {
    const { problems } = this.inLanguage;
    return slug in problems ? problems[slug as ProblemKey] : problems.other;
  }

  day(time: string): string {
    return this.inWords(time, { dateStyle: 'long' });
  }

  moment(time: string): string {
    return this.inWords(time, { dateStyle: 'long', timeStyle: 'short' });
  }

  private inWords(time: string, style: Intl.DateTimeFormatOptions): string {
    const { code } = this.inLanguage;
    return new Intl.DateTimeFormat(code === 'en' ? 'en-GB' : code, style).format(new Date(time));
  }

  seconds(ms: number): number {
    return Math.max(1, Math.round(ms / 1000));
  }
}
