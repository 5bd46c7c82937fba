// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { prover } from '../entry/proved';
import { english, Page, serve } from '../entry/testing';
import { speak } from '../entry/words';
import own from '../i18n/link.en.json';
import { type Link, opening } from './opening';
import { Visitor } from './visitor';

const token = 'abcdefghijklmnopqrstuvwxyz234567';
const may = (...names: string[]) => Object.fromEntries(['download', 'rename', 'bin', 'upload', 'createFolder'].map((name) => [name, { allowed: names.includes(name) }]));
const leaf = (id: string, name: string, more = {}) => ({ id, name, type: 'LEAF', size: 1400, mime: 'text/plain', preview: 'text', abilities: may('download'), ...more });
const folder = (id: string, name: string, more = {}) => ({ id, name, type: 'COLLECTION', size: 0, mime: '', preview: '', abilities: may('download'), ...more });
const visit = (more = {}) => ({ id: '9', label: '', mode: 'read', owner: 'Ada', upload: 0, watermark: false, node: leaf('5', 'plan.txt'), ...more });
const refused = (status: number, code: string) => ({ status, body: { code, detail: 'not so' } });

const attended: (() => void)[] = [];

class LinkPage extends Page {
  visitor?: Visitor;

  constructor() {
    const link: Link = {
      token,
      key: 'k',
      askProved: prover(),
      enter: (stage, opened) => {
        this.visitor = new Visitor(stage, opened, () => stage.show(opening(link)));
        attended.push(this.visitor.attend());
        void this.visitor.route();
      },
    };
    super(opening(link));
    this.stage.words = speak('en', { ...english, ...own });
    this.stage.again();
  }

  get all(): string {
    return this.root.textContent ?? '';
  }

  get links(): string[] {
    return [...this.root.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? '');
  }
}

beforeEach(() => {
  for (const end of attended.splice(0)) end();
  sessionStorage.clear();
  location.hash = '';
  vi.stubGlobal('scrollTo', () => undefined);
});

describe('opening a link', () => {
  it('sends the token once, and after a reload goes on with what was kept', async () => {
    let sent = serve({ '/visits': { body: visit() }, '/visits/9': { body: visit() }, '/visits/9/nodes/5/text': { body: { text: 'dig', cut: true } } });
    await new LinkPage().untilTitle('plan.txt');
    expect(sent[0]).toEqual(['/visits', { token }]);
    expect(JSON.stringify({ ...sessionStorage })).not.toContain(token);
    sent = serve({ '/visits/9': { body: visit() }, '/visits/9/nodes/5/text': { body: { text: 'dig', cut: false } } });
    await new LinkPage().untilTitle('plan.txt');
    expect(sent.map(([path]) => path)).not.toContain('/visits');
  });

  it('begins anew where the visit is over', async () => {
    sessionStorage.setItem('k', '9');
    const sent = serve({ '/visits/9': refused(401, 'visit'), '/visits': refused(404, '') });
    const page = new LinkPage();
    await page.untilTitle('This link leads nowhere');
    expect(sent.map(([path]) => path)).toEqual(['/visits/9', '/visits']);
    expect(sessionStorage).toHaveLength(0);
  });

  it('asks for the password, says which is wrong and keeps the focus', async () => {
    serve({ '/visits': [refused(401, 'password'), refused(401, 'wrong-password'), { body: visit({ mode: 'download' }) }] });
    const page = new LinkPage();
    await page.untilTitle('This link has a password');
    page.submit({ password: 'guess' });
    await page.until(() => expect(page.notice).toContain('This is not the password'));
    expect(document.activeElement).toBe(page.input('password'));
    page.submit({ password: 'right' });
    await page.untilTitle('plan.txt');
  });

  it.each([
    ['not-for-you', 403, 'This link is for other people'],
    ['sign-in', 401, 'This link is for certain people'],
    ['', 404, 'This link leads nowhere'],
    ['', 500, 'This did not work'],
  ])('says what %j (%d) means', async (code, status, title) => {
    serve({ '/visits': refused(status, code) });
    await new LinkPage().untilTitle(title);
  });

  it('leads to the sign-in page without the token in its address', async () => {
    history.replaceState(null, '', '/s/' + token);
    serve({ '/visits': refused(401, 'sign-in') });
    const page = new LinkPage();
    await page.untilTitle('This link is for certain people');
    page.press('Sign in');
    expect(page.went).toEqual(['/signin']);
    expect(sessionStorage.getItem('alveary-back')).toContain('/s/' + token);
  });
});

describe('what a link leads to', () => {
  it('is a look and no download where it is for looking at', async () => {
    serve({ '/visits': { body: visit({ mode: 'preview' }) }, '/visits/9/nodes/5/text': { body: { text: 'dig deep', cut: false } } });
    const page = new LinkPage();
    await page.until(() => expect(page.all).toContain('dig deep'));
    expect(page.links).toEqual([]);
    expect(page.all).toContain('offers no download');
  });

  it('is a download and no look where it is for downloading', async () => {
    const sent = serve({ '/visits': { body: visit({ mode: 'download', left: 2 }) } });
    const page = new LinkPage();
    await page.until(() => expect(page.all).toContain('2 downloads left'));
    expect(page.links).toEqual(['/api/v1/visits/9/nodes/5/content']);
    expect(sent.map(([path]) => path)).toEqual(['/visits']);
  });

  it('is nothing more where the downloads are used up', async () => {
    serve({ '/visits': { body: visit({ mode: 'download', left: 0 }) } });
    await new LinkPage().untilTitle('No downloads are left');
  });

  it('tells the name of a link, where it is another than that of what it is on', async () => {
    serve({ '/visits': { body: visit({ mode: 'download', label: 'For the neighbours' }) } });
    const page = new LinkPage();
    await page.untilTitle('plan.txt');
    expect(page.all).toContain('“For the neighbours”');
  });

  it('does not begin a download that was used up meanwhile', async () => {
    serve({ '/visits': { body: visit({ mode: 'download', left: 1 }) }, '/visits/9': { body: visit({ mode: 'download', left: 0 }) }, '/visits/9/nodes/5': { body: leaf('5', 'plan.txt') } });
    const page = new LinkPage();
    await page.untilTitle('plan.txt');
    page.root.querySelector<HTMLElement>('#download')?.click();
    await page.until(() => expect(page.notice).toContain('as many downloads'));
  });

  it('is a folder to go into, and back', async () => {
    serve({
      '/visits': { body: visit({ node: folder('4', 'Garden') }) },
      '/visits/9/nodes/4/children?sort=name&order=asc': { body: { items: [folder('6', 'Beds'), leaf('5', 'plan.txt')], way: [], total: 2 } },
      '/visits/9/nodes/6': { body: folder('6', 'Beds') },
      '/visits/9/nodes/6/children?sort=name&order=asc': { body: { items: [], way: [{ id: '4', name: 'Garden' }, { id: '6', name: 'Beds' }], total: 0 } },
    });
    const page = new LinkPage();
    await page.untilTitle('Garden');
    expect(page.links).toContain('#6');
    location.hash = '#6';
    await page.untilTitle('Beds');
    expect(page.root.querySelector('nav')?.textContent).toBe('Garden');
    expect(page.all).toContain('nothing in this folder');
    location.hash = '';
    await page.untilTitle('Garden');
  });

  it('says so where something is not there any more', async () => {
    location.hash = '#8';
    serve({ '/visits': { body: visit({ node: folder('4', 'Garden') }) }, '/visits/9/nodes/8': refused(404, '') });
    await new LinkPage().untilTitle('This is not here any more');
  });

  it('lists nothing in a drop box', async () => {
    const sent = serve({ '/visits': { body: visit({ mode: 'drop', upload: 5_000_000, node: { name: '', type: 'COLLECTION', abilities: may('upload') } }) } });
    const page = new LinkPage();
    await page.untilTitle('Send files to Ada');
    expect(page.all).toContain('5 MB at most');
    expect(page.links).toEqual([]);
    expect(sent.map(([path]) => path)).toEqual(['/visits']);
  });

  it('can be changed where it is for that, and there alone', async () => {
    const all = may('download', 'rename', 'bin', 'upload', 'createFolder');
    const items = { items: [leaf('5', 'plan.txt', { abilities: all })], way: [], total: 1 };
    for (const mode of ['edit', 'read']) {
      sessionStorage.clear();
      serve({ '/visits': { body: visit({ mode, node: folder('4', 'Garden', { abilities: all }) }) }, '/visits/9/nodes/4/children?sort=name&order=asc': { body: items } });
      const page = new LinkPage();
      await page.untilTitle('Garden');
      expect(['r-5', 'b-5', 'new-folder', 'files'].map((id) => page.root.querySelector('#' + id) !== null), mode).toEqual(Array(4).fill(mode === 'edit'));
    }
  });
});
