// Which language to speak; also used by the pages that come without React.
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

export const languageKey = 'alveary-language';

/** The reader's own region of a language, for dates and figures: "en-GB" for "en". */
export function regionOf(language: string): string {
  return navigator.languages.find((wish) => wish.slice(0, 2).toLowerCase() === language) ?? language;
}

/** The language chosen here before, else the first the browser asks for that we speak. */
export function chooseLanguage(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(languageKey);
  } catch {
    // Storage is closed to this page: the browser's wish decides.
  }
  for (const wish of [kept, ...navigator.languages]) {
    const base = wish?.slice(0, 2).toLowerCase();
    const known = languages.find((language) => language === base);
    if (known) return known;
  }
  return 'en';
}
