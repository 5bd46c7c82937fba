// The story of a newcomer: from the set-up link to a folder that comes back as
// it went in. One server, one person, one long day.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { choose, dropFromSystem, enter, item, items, notice, signInByPage, signOutByPage } from '../support/browser.ts';
import { digest, gather } from '../support/files.ts';
import { Server } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

const password = 'four words in a row';

const test = base.extend<object, { server: Server; belongings: { folder: string; digests: Map<string, string> } }>({
  server: [async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  belongings: [async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'alveary-belongings-'));
    const folder = path.join(home, 'Belongings');
    const digests = await gather(folder);
    await use({ folder, digests });
    await rm(home, { recursive: true, force: true });
  }, { scope: 'worker' }],
});

// 404: before a large file is sent, the page asks whether its name is free.
test.use({ provoked: [401, 404, 409, 410] });

test('a newcomer sets the server up and moves in', async ({ page, api, server, belongings }) => {
  test.setTimeout(180_000);
  const { folder, digests } = belongings;
  const names = [...digests.keys()];
  const named = (pattern: RegExp) => {
    const found = names.find((name) => pattern.test(name));
    if (!found) throw new Error(`no file like ${pattern} among ${names.length}`);
    return { way: found.split('/').slice(0, -1), name: path.basename(found), sum: digests.get(found) ?? '' };
  };
  const goTo = async (...way: string[]) => {
    await page.goto(`/files/${['my-files', 'Belongings', ...way].map(encodeURIComponent).join('/')}`);
    await expect(items(page)).toBeVisible();
  };

  await test.step('the folder is a real one', () => {
    expect(digests.size, 'files').toBeGreaterThanOrEqual(200);
    expect(new Set(names.map((name) => path.extname(name).toLowerCase())).size, 'kinds of files').toBeGreaterThan(10);
  });

  await test.step('the set-up link makes the administrator', async () => {
    expect(server.setupLink).toMatch(/^https:/);
    await page.goto(server.setupLink);
    await page.getByLabel('Your name').fill('Maria Keeper');
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page.getByText('This is too short', { exact: false })).toBeVisible();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password, once more').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page).toHaveURL(/\/files\/my-files$/);
    await expect(page.getByText('This folder is empty')).toBeVisible();
  });

  await test.step('a folder is dropped, with everything in it', async () => {
    await dropFromSystem(page, page.getByRole('main'), [folder]);
    const panel = page.getByRole('region', { name: 'Uploads' });
    await expect(panel.getByRole('progressbar')).toBeVisible();
    await expect(panel.getByRole('heading')).toHaveText(`${digests.size} files uploaded`, { timeout: 90_000 });
    await panel.getByRole('button', { name: 'Close the list' }).click();
    await expect(panel).toBeHidden();
    const there = await api.at('my-files/Belongings');
    expect(await api.tree(there.id)).toEqual(digests);
    expect((await api.children(there.id)).map((node) => node.name)).toContain('Nothing in it');
  });

  await test.step('it is browsed, as a list and as a grid', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'My files' }).click();
    await enter(page, 'Belongings');
    await expect(item(page, 'Pictures')).toBeVisible();
    await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
    await expect(page).toHaveURL(/order=desc/);
    await page.goBack();
    const picture = named(/^Pictures\/.*\.png$/);
    await goTo(...picture.way);
    await page.getByRole('button', { name: 'Show as a grid' }).click();
    await expect(page).toHaveURL(/view=grid/);
    const drawn = item(page, picture.name).locator('img');
    await expect(drawn).toBeVisible();
    await expect.poll(() => drawn.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Show as a list' }).click();
  });

  await test.step('a picture, a PDF and a text are looked at', async () => {
    const picture = named(/^Pictures\/.*\.png$/);
    await goTo(...picture.way);
    await item(page, picture.name).dblclick();
    const preview = page.getByRole('dialog', { name: picture.name });
    await expect(preview.locator('img[data-ready]')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(preview).toBeHidden();

    const paper = named(/^Papers\/.*\.pdf$/);
    await goTo(...paper.way);
    await item(page, paper.name).dblclick();
    const pdf = page.getByRole('dialog', { name: paper.name });
    await expect(pdf.locator('canvas').first()).toBeVisible({ timeout: 20_000 });
    const inked = () => pdf.locator('canvas').first().evaluate((canvas: HTMLCanvasElement) => {
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let dark = 0;
      for (let i = 0; i < pixels.length; i += 4) if ((pixels[i] ?? 255) < 128 && (pixels[i + 3] ?? 0) > 128) dark++;
      return dark;
    });
    await expect.poll(inked, { message: 'dark points of the drawn page' }).toBeGreaterThan(100);
    await page.keyboard.press('Escape');

    const note = named(/^Notes\/.*copyright$|^Notes\/.*\.txt$/);
    await goTo(...note.way);
    await item(page, note.name).dblclick();
    const text = page.getByRole('dialog', { name: note.name });
    const [start] = (await readFile(path.join(folder, ...note.way, note.name), 'utf8')).split('\n').filter((line) => line.trim() !== '');
    await expect(text.locator('.cm-content')).toContainText((start ?? '').trim());
    await page.keyboard.press('Escape');
    await expect(text).toBeHidden();
  });

  await test.step('a file is renamed with F2, and the name taken back', async () => {
    await goTo();
    await item(page, 'Empty file').click();
    await page.keyboard.press('F2');
    await page.getByLabel('New name for Empty file').fill('Nothing.txt');
    await page.keyboard.press('Enter');
    await expect(item(page, 'Nothing.txt')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(item(page, 'Empty file')).toBeVisible();
    await expect(item(page, 'Nothing.txt')).toBeHidden();
  });

  await test.step('a name that is taken is refused where it was typed', async () => {
    await item(page, 'Empty file').click();
    await page.keyboard.press('F2');
    await page.getByLabel('New name for Empty file').fill('Film.bin');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toContainText('Film.bin');
    await expect(page.getByLabel('New name for Empty file')).toHaveValue('Film.bin');
    await page.keyboard.press('Escape');
  });

  await test.step('a file is moved to another folder', async () => {
    await choose(page, 'Film.bin', 'Move to…');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Nothing in it' }).click();
    await dialog.getByRole('button', { name: 'Move here' }).click();
    await expect(notice(page, '“Film.bin” moved to “Nothing in it”.')).toBeVisible();
    await expect(item(page, 'Film.bin')).toBeHidden();
    await enter(page, 'Nothing in it');
    await expect(item(page, 'Film.bin')).toBeVisible();
  });

  await test.step('a folder goes to the bin, comes back by Undo, and from the bin', async () => {
    await goTo();
    await item(page, 'Packed').click();
    await page.keyboard.press('Delete');
    await expect(notice(page, '“Packed” is in the bin.')).toBeVisible();
    await expect(item(page, 'Packed')).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(item(page, 'Packed')).toBeVisible();

    await item(page, 'Packed').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Move to the bin' }).click();
    await expect(item(page, 'Packed')).toBeHidden();
    await page.getByRole('link', { name: 'Bin' }).click();
    await item(page, 'Packed').click();
    await page.getByRole('button', { name: 'Put back' }).click();
    await expect(page.getByText('The bin is empty')).toBeVisible();
    await goTo('Packed');
    const after = await api.at('my-files/Belongings/Packed');
    const wanted = new Map([...digests].filter(([name]) => name.startsWith('Packed/')).map(([name, sum]) => [name.slice('Packed/'.length), sum]));
    expect(await api.tree(after.id)).toEqual(wanted);
  });

  await test.step('an older version is found and brought back', async () => {
    const there = await api.at('my-files/Belongings');
    const first = await api.put(there.id, 'Draft.txt', 'the first draft\n');
    await api.put(there.id, 'Draft.txt', 'the second draft, worse\n', 'replace');
    await goTo();
    await page.reload();
    await choose(page, 'Draft.txt', 'Details');
    const details = page.getByRole('complementary', { name: 'Details' });
    const versions = details.getByRole('region', { name: 'Versions' });
    await expect(versions.getByRole('listitem')).toHaveCount(2);
    await versions.getByRole('button', { name: 'Bring back version 1' }).click();
    await expect(notice(page, 'Version 1 is the current one again.')).toBeVisible();
    expect((await api.content(first.id)).toString()).toBe('the first draft\n');
    await expect(versions.getByRole('listitem')).toHaveCount(3);
    await details.getByRole('button', { name: 'Close the details' }).click();
  });

  await test.step('a file is downloaded, byte for byte', async () => {
    const font = named(/^Fonts\//);
    await goTo(...font.way);
    await item(page, font.name).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('toolbar').getByRole('button', { name: 'Download' }).click()]);
    expect(download.suggestedFilename()).toBe(font.name);
    expect(digest(await readFile(await download.path()))).toBe(font.sum);
  });

  await test.step('a folder is downloaded as a zip with all that is in it', async () => {
    await goTo();
    await item(page, 'Été 2026').click();
    await item(page, 'Notes').click({ modifiers: ['ControlOrMeta'] });
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('toolbar').getByRole('button', { name: 'Download as a zip' }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    const inside = Object.entries(unzipSync(await readFile(await download.path()))).filter(([name]) => !name.endsWith('/'));
    const wanted = [...digests].filter(([name]) => /^(Été 2026|Notes)\//.test(name));
    expect(new Map(inside.map(([name, content]) => [name, digest(content)]).sort() as [string, string][])).toEqual(new Map(wanted.sort()));
  });

  await test.step('what is deleted for good is gone, and asked about before', async () => {
    await goTo();
    await item(page, 'Sources').click();
    await page.keyboard.press('Shift+Delete');
    const dialog = page.getByRole('dialog', { name: 'Delete for good?' });
    await expect(dialog).toContainText('Sources');
    await dialog.getByRole('button', { name: 'Delete for good' }).click();
    await expect(item(page, 'Sources')).toBeHidden();
    await page.getByRole('link', { name: 'Bin' }).click();
    await expect(page.getByText('The bin is empty')).toBeVisible();
  });

  await test.step('signing out ends it, signing in begins it where it was', async () => {
    await goTo();
    await signOutByPage(page);
    await page.goto('/files/my-files/Belongings');
    await expect(page).toHaveURL(/\/signin\?next=/);
    await signInByPage(page, 'admin', 'not the password');
    await expect(page.getByRole('alert')).toContainText('not right');
    await signInByPage(page, 'admin', password);
    await expect(page).toHaveURL(/\/files\/my-files\/Belongings$/);
    await expect(items(page)).toBeVisible();
  });

  await test.step('the set-up link has done its work', async () => {
    await page.goto(server.setupLink);
    await expect(page.getByRole('heading', { name: 'This server is set up' })).toBeVisible();
  });
});

