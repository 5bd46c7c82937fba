// The test function of the browser tests: a server, and a page that is watched.
import { type BrowserContext, expect, type Page, test as base } from '@playwright/test';
import { Api } from './api.ts';
import { password, Server } from './server.ts';

type Worker = { server: Server };
type Each = {
  /** Answers of the server that a test provokes, or words about them; the browser reports each on its console. */
  provoked: (number | string)[];
  /** The API as the person of the page. */
  api: Api;
  /** Signs somebody in without the sign-in page, which has a test of its own. */
  signIn: (login: string, on?: Page) => Promise<Api>;
  watch: (context: BrowserContext) => Promise<void>;
  /** A second person in a browser of his own, signed in. */
  as: (login: string) => Promise<{ page: Page; api: Api }>;
};

export const test = base.extend<Each, Worker>({
  server: [async ({}, use) => {
    const server = await Server.start({ demo: true });
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],

  baseURL: async ({ server }, use) => { await use(server.url); },

  // 403: whoever opens the commands or the account menu has the page ask which parts
  // of the console were handed out, and here none is.
  provoked: [[401, 403], { option: true }],

  watch: async ({ baseURL, provoked }, use) => {
    const complaints: string[] = [];
    await use(async (context) => {
      await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', (event) => console.error(`the policy forbids ${event.violatedDirective}: ${event.blockedURI}`));
      });
      context.on('request', (request) => {
        const url = new URL(request.url());
        if (/^https?:$/.test(url.protocol) && url.origin !== baseURL) complaints.push(`a request to another host: ${request.url()}`);
      });
      context.on('weberror', (error) => complaints.push(`an error that nobody caught: ${error.error().stack ?? error.error().message}`));
      context.on('console', (message) => {
        if (message.type() !== 'error' && message.type() !== 'warning') return;
        const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
        if (provoked.some((one) => (typeof one === 'number' ? String(one) === status : message.text().includes(one)))) return;
        complaints.push(`the console says: ${message.text()} (${message.location().url})`);
      });
    });
    expect(complaints).toEqual([]);
  },

  context: async ({ context, watch }, use) => {
    await watch(context);
    await use(context);
  },

  api: async ({ page }, use) => { await use(new Api(page.request)); },

  signIn: async ({ page }, use) => {
    await use(async (login, on = page) => {
      const api = new Api(on.request);
      await api.signIn(login, password);
      return api;
    });
  },

  as: async ({ browser, watch, baseURL, viewport, locale, timezoneId }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (login) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL, viewport, locale, timezoneId });
      opened.push(context);
      await watch(context);
      const page = await context.newPage();
      const api = new Api(page.request);
      await api.signIn(login, password);
      return { page, api };
    });
    for (const context of opened) await context.close();
  },
});

export { expect, type Page };
