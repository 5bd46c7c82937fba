// The words of the page. Keys are flat ("list.empty.title") so that a search
// for one finds it; each language is a file of its own and only the chosen one
// is loaded.
import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLanguage, type Language, languageKey, languages } from './language';
import type en from './en.json';

export { languages, type Language };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof en };
  }
}

export type Translate = TFunction;

const load: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  en: () => import('./en.json'),
  fr: () => import('./fr.json'),
};

/** Loads the words of the reader's language; call it once, before rendering. */
export async function startWords(): Promise<void> {
  const language = chooseLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: (await load[language]()).default } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
}

/** Changes the language in place and remembers it in this browser. */
export async function setLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', (await load[language]()).default);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(languageKey, language);
  } catch {
    // Storage is closed to this page: the choice holds until it is left.
  }
}

/** Translates outside of a component. */
export const t: Translate = i18next.t;
