// How a page looks, and whether it keeps anybody out.
import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import { expect, type Page } from '@playwright/test';

const screenshots = path.resolve(import.meta.dirname, '../screenshots');

/** What pages are looked at on. */
export const sizes = {
  desktop: { viewport: { width: 1440, height: 900 }, hasTouch: false, isMobile: false },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

/** Takes the picture and lets axe look for what keeps people out. */
export async function examine(page: Page, name: string): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((img) => img.complete || new Promise((done) => { img.onload = done; img.onerror = done; })));
  });
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect.soft(grave.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ html, target }) => `${target.join(' ')}: ${html.slice(0, 160)}`) })), name).toEqual([]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(wide, `${name} is wider than the window`).toBeLessThanOrEqual(0);
}
