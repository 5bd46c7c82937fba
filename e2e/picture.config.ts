import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

// npm run picture: takes docs/pictures/files.png anew.
export default defineConfig({ ...tests, testDir: '.', workers: 1, projects: [{ name: 'picture', testMatch: 'picture.ts' }] });
