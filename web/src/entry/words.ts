// The sentences of the two small pages. They stand in the same files as those
// of the application; only the chapters named here are bundled.
import { entry as entryEn, setup as setupEn, signin as signinEn } from '../i18n/en.json';
import { entry as entryFr, setup as setupFr, signin as signinFr } from '../i18n/fr.json';

const chapters = {
  en: { entry: entryEn, setup: setupEn, signin: signinEn },
  fr: { entry: entryFr, setup: setupFr, signin: signinFr },
};

export type Language = keyof typeof chapters;
type Chapters = (typeof chapters)['en'];

/** `chapter.word`; plural forms are asked for without their ending. */
export type Key = { [C in keyof Chapters & string]: `${C}.${Stem<keyof Chapters[C] & string>}` }[keyof Chapters & string];
type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` | `${infer S}_many` ? S : K;

export interface Words {
  language: Language;
  t(key: Key, values?: Record<string, string | number>): string;
}

/** The languages in their own words. */
export const languages: Record<Language, string> = { en: 'English', fr: 'Français' };

const storageKey = 'alveary.language';

/** The stored choice, else the first language of the browser that is spoken here, else English. */
export function language(stored: string | null, preferred: readonly string[]): Language {
  for (const wish of [stored ?? '', ...preferred]) {
    const code = wish.toLowerCase().split('-')[0] ?? '';
    if (code in chapters) return code as Language;
  }
  return 'en';
}

/** The words for whoever looks at the page. */
export function words(): Words {
  return speak(language(localStorage.getItem(storageKey), navigator.languages));
}

/** Remembers the language; the page shows itself again in it. */
export function choose(code: Language): void {
  localStorage.setItem(storageKey, code);
  window.dispatchEvent(new Event('languagechosen'));
}

/** The words of one language. */
export function speak(code: Language): Words {
  const plural = new Intl.PluralRules(code);
  return {
    language: code,
    t(key, values = {}) {
      const [chapter, word] = key.split('.') as [keyof Chapters, string];
      const sentences: Record<string, string> = chapters[code][chapter];
      const counted = typeof values.count === 'number' ? sentences[`${word}_${plural.select(values.count)}`] : undefined;
      const sentence = counted ?? sentences[word] ?? sentences[word + '_other'] ?? key;
      return sentence.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
    },
  };
}
