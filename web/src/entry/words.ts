// The sentences of the small pages: their own, and those they share with the
// application, whose file is thereby in the cache when the application opens.
import type en from '../i18n/en.json';
import type own from '../i18n/entry.en.json';
import type link from '../i18n/link.en.json';
import { chooseLanguage, type Language, languageKey } from '../i18n/language';

export type { Language };

/** A key without the ending of a plural form. */
type Stem<K extends string> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;
export type Key = Stem<keyof typeof en | keyof typeof own | keyof typeof link>;

export interface Words {
  language: Language;
  t(key: Key, values?: Record<string, string | number>): string;
}

/** The languages in their own words. */
export const names: Record<Language, string> = { en: 'English', fr: 'Français' };

type Load = () => Promise<{ default: Record<string, string> }>;

/** Sentences that one page has beside those of all. */
export type More = Record<Language, Load>;

const load: Record<Language, Load[]> = {
  en: [() => import('../i18n/en.json'), () => import('../i18n/entry.en.json')],
  fr: [() => import('../i18n/fr.json'), () => import('../i18n/entry.fr.json')],
};

/** The words for whoever looks at the page. */
export async function loadWords(more?: More): Promise<Words> {
  const language = chooseLanguage();
  const parts = await Promise.all([...load[language], ...(more ? [more[language]] : [])].map((part) => part()));
  return speak(language, Object.assign({}, ...parts.map((part) => part.default)) as Record<string, string>);
}

/** Remembers the language and tells the page to show itself again. */
export function chooseWords(language: Language): void {
  try {
    localStorage.setItem(languageKey, language);
  } catch {
    // Storage is closed to this page: the browser's wish goes on deciding.
  }
  window.dispatchEvent(new Event('languagechosen'));
}

/** Fills in values and picks plural forms, in the notation of i18next. */
export function speak(language: Language, sentences: Record<string, string>): Words {
  const plural = new Intl.PluralRules(language);
  return {
    language,
    t(key, values = {}) {
      const counted = typeof values.count === 'number' ? sentences[`${key}_${plural.select(values.count)}`] : undefined;
      const sentence = counted ?? sentences[key] ?? sentences[`${key}_other`] ?? key;
      return sentence.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
    },
  };
}
