// What a browser calls itself, in words a person would use for it.
export type Agent = { browser: string; system: string; phone: boolean };

// The order matters: each of them also claims to be some of those below it.
const browsers: [RegExp, string][] = [
  [/\balveary\b/i, 'Alveary'],
  [/\bcurl\//, 'curl'],
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

/** Reads a User-Agent header; what it does not tell stays empty. */
export function readAgent(header: string): Agent {
  const find = (table: [RegExp, string][]) => table.find(([sign]) => sign.test(header))?.[1] ?? '';
  const system = find(systems);
  return { browser: find(browsers), system, phone: /\bMobi|\biPhone\b|\bAndroid\b/.test(header) };
}
