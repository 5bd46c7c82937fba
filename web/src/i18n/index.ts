// The words of the page. Keys are flat ("list.empty.title") so that a search
// for one finds it; each language is a file of its own and only the chosen one
// is loaded. Those of the account and of the console come with these pages.
import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { chooseLanguage, type Language, languageKey, languages } from './language';
import type accountEn from './account.en.json';
import type consoleEn from './console.en.json';
import type en from './en.json';
import type shareEn from './share.en.json';

export { languages, type Language };

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof en & typeof accountEn & typeof consoleEn & typeof shareEn };
  }
}

export type Translate = TFunction;

type Words = Record<string, string>;

type Load = () => Promise<{ default: Words }>;

const load: Record<'main' | 'account' | 'share' | 'console', Record<Language, Load>> = {
  main: { en: () => import('./en.json'), fr: () => import('./fr.json') },
  account: { en: () => import('./account.en.json'), fr: () => import('./account.fr.json') },
  share: { en: () => import('./share.en.json'), fr: () => import('./share.fr.json') },
  console: { en: () => import('./console.en.json'), fr: () => import('./console.fr.json') },
};
const wanted = new Set<keyof typeof load>(['main']);
const loaded = new Set<Load>();

async function fetchWords(language: Language): Promise<void> {
  const missing = [...wanted].map((part) => load[part][language]).filter((one) => !loaded.has(one));
  for (const [i, words] of (await Promise.all(missing.map((one) => one()))).entries()) {
    i18next.addResourceBundle(language, 'translation', words.default, true);
    const one = missing[i];
    if (one) loaded.add(one);
  }
}

/** Loads the words of the reader's language; call it once, before rendering. */
export async function startWords(): Promise<void> {
  const language = chooseLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: {},
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await fetchWords(language);
  document.documentElement.lang = language;
}

/** Waits for a part of the page that speaks the words of the account, and for the words. */
export async function withAccountWords<T>(part: Promise<T>): Promise<T> {
  wanted.add('account');
  await fetchWords(i18next.language as Language);
  return part;
}

/** The same for what is about sharing, which shows people as their accounts do. */
export async function withShareWords<T>(part: Promise<T>): Promise<T> {
  wanted.add('share');
  return withAccountWords(part);
}

/** The same for the console, which shows people and what they share. */
export async function withConsoleWords<T>(part: Promise<T>): Promise<T> {
  wanted.add('console');
  return withShareWords(part);
}

/** Changes the language in place and remembers it in this browser. */
export async function setLanguage(language: Language): Promise<void> {
  await fetchWords(language);
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
