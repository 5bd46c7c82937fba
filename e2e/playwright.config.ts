import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium.ts';

// Two workers, for the machine that runs this has two cores; each has a server
// of its own. The browser is the system's: nothing is downloaded.
export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env['CI'] === 'true',
  // A crowded machine may be late once; what is wrong is wrong each time.
  retries: process.env['CI'] === 'true' ? 2 : 0,
  reporter: [['list']],
  use: {
    ignoreHTTPSErrors: true,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    actionTimeout: 15_000,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      // Root cannot have Chromium's sandbox; people who are not root keep it.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
  projects: [
    { name: 'browser', testIgnore: /tus\.test\.ts$/, testMatch: /\.test\.ts$/ },
    { name: 'programs', testMatch: /tus\.test\.ts$/ },
  ],
});
