// npm test: all tests, or those that need no browser where there is none. With
// CI=true nothing is left out: what is missing is an error.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const folders = (process.env.PATH ?? '').split(path.delimiter);
const chromium = folders.some((folder) => existsSync(path.join(folder, 'chromium')));
const given = process.argv.slice(2);

function stop(text) {
  console.error(text);
  process.exit(1);
}

if (!existsSync(path.join(here, '../bin/alveary'))) stop('the browser tests need bin/alveary: make build');
if (!existsSync(path.join(here, '../web/dist/index.html'))) stop('the browser tests need the real page in the binary: make build');
if (!chromium && process.env.CI === 'true') stop('CI=true and there is no Chromium (Debian: chromium): no test may be skipped');

const playwright = path.join(here, 'node_modules/@playwright/test/cli.js');
const { status } = spawnSync(process.execPath, [playwright, 'test', ...(chromium ? [] : ['--project=programs']), ...given], { cwd: here, stdio: 'inherit' });
if (!chromium) console.log('skipped: the browser tests, for there is no Chromium (Debian: chromium)');
process.exit(status ?? 1);
