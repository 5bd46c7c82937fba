import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import accountEn from './account.en.json';
import accountFr from './account.fr.json';
import consoleEn from './console.en.json';
import consoleFr from './console.fr.json';
import mainEn from './en.json';
import entryEn from './entry.en.json';
import entryFr from './entry.fr.json';
import mainFr from './fr.json';
import linkEn from './link.en.json';
import linkFr from './link.fr.json';
import shareEn from './share.en.json';
import shareFr from './share.fr.json';

const plural = /_(zero|one|two|few|many|other)$/;
const base = (key: string) => key.replace(plural, '');

const en = { ...mainEn, ...entryEn, ...accountEn, ...shareEn, ...linkEn, ...consoleEn };
const all: Record<string, Record<string, string>> = { en, fr: { ...mainFr, ...entryFr, ...accountFr, ...shareFr, ...linkFr, ...consoleFr } };

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !f.name.includes('.test.') && !f.name.endsWith('.d.ts'))
    .map((f) => readFileSync(join(f.parentPath, f.name), 'utf8'));
}

const root = fileURLToPath(new URL('..', import.meta.url));
const text = [...sources(root), ...['signin.html', 'setup.html', 'welcome.html', 'link.html'].map((page) => readFileSync(join(root, '..', page), 'utf8'))].join('\n');
const literals = new Set([...text.matchAll(/(['"`])([a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9-]+)+)\1/g)].map((m) => m[2] ?? ''));

const placeholders = (sentence: string) => [...sentence.matchAll(/{{\s*(\w+)[^}]*}}/g)].map((m) => m[1]).sort();

describe('the words', () => {
  it('are the same keys in every language', () => {
    const keys = Object.keys(en).map(base);
    for (const [language, words] of Object.entries(all)) {
      expect([...new Set(Object.keys(words).map(base))].sort(), language).toEqual([...new Set(keys)].sort());
    }
  });

  it('have every plural form that the language knows', () => {
    for (const [language, words] of Object.entries(all)) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const counted = new Set(Object.keys(words).filter((key) => plural.test(key)).map(base));
      for (const key of counted) {
        for (const form of forms) expect(words, language).toHaveProperty([`${key}_${form}`]);
      }
    }
  });

  it('are all used', () => {
    expect(Object.keys(en).filter((key) => !literals.has(base(key)))).toEqual([]);
  });

  it('are all there', () => {
    const known = new Set(Object.keys(en).map(base));
    const called = [...text.matchAll(/\b(?:t|word)\(\s*(['"`])([^'"`]+)\1/g)].map((m) => m[2] ?? '');
    expect(called.filter((key) => !known.has(key))).toEqual([]);
  });

  it('fill in the same values in every language', () => {
    for (const [language, words] of Object.entries(all)) {
      for (const [key, sentence] of Object.entries(words)) {
        const english = (en as Record<string, string>)[key] ?? (en as Record<string, string>)[`${base(key)}_other`] ?? '';
        if (plural.test(key)) continue;
        expect(placeholders(sentence), `${language} ${key}`).toEqual(placeholders(english));
      }
    }
  });

  it('of the parts are their own', () => {
    for (const parts of [[mainEn, entryEn, accountEn, shareEn, linkEn, consoleEn], [mainFr, entryFr, accountFr, shareFr, linkFr, consoleFr]]) {
      const keys = parts.flatMap((words) => Object.keys(words));
      expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    }
  });

  it('are never empty and never shout', () => {
    for (const words of Object.values(all)) {
      for (const sentence of Object.values(words)) expect(sentence).toMatch(/^[^!]+$/);
    }
  });
});
