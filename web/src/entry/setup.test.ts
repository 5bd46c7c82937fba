// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setUp } from './setup';
import { english as en, Page, type Reply, serve } from './testing';

const good = { password: 'correct horse battery', again: 'correct horse battery' };

function submit(values: Record<string, string>, reply: Reply = { status: 201 }) {
  const sent = serve({ '/setup': reply });
  const page = new Page(setUp('tok'));
  page.submit(values);
  return { page, sent };
}

afterEach(() => vi.unstubAllGlobals());

describe('the set-up page', () => {
  it('makes the administrator and goes to the start page', async () => {
    const { page, sent } = submit({ ...good, name: ' Ada ' });
    await page.until(() => expect(page.went).toEqual(['/']));
    expect(sent).toEqual([['/setup', { token: 'tok', login: 'admin', name: 'Ada', password: good.password }]]);
  });

  it('leaves an empty name out', async () => {
    const { page, sent } = submit({ ...good, login: 'root' });
    await page.until(() => expect(page.went).toEqual(['/']));
    expect(sent).toEqual([['/setup', { token: 'tok', login: 'root', password: good.password }]]);
  });

  it('wants twelve characters, counted as people count them', async () => {
    const { page, sent } = submit({ password: '🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝', again: '🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝' });
    await page.until(() => expect(page.error('password')).toBe('This is too short: use at least 12 characters.'));
    expect(sent).toEqual([]);
    expect(document.activeElement).toBe(page.input('password'));
  });

  it('wants the same password twice', async () => {
    const { page, sent } = submit({ ...good, again: 'correct horse batteri' });
    await page.until(() => expect(page.error('again')).toBe(en['setup.differ']));
    expect(sent).toEqual([]);
  });

  it.each([
    [{ status: 422, body: { detail: 'validation failed', errors: [{ location: 'body.password', message: 'This password is in a public list.' }] } }],
    [{ status: 400, body: { code: 'weak-password', detail: 'This password is in a public list.' } }],
  ])('puts the server’s complaint beside its field', async (reply) => {
    const { page } = submit(good, reply);
    await page.until(() => expect(page.error('password')).toBe('This password is in a public list.'));
    expect(page.input('password').value).toBe(good.password);
  });

  it('says that the link was used', async () => {
    const { page } = submit(good, { status: 410, body: { code: 'setup-done' } });
    await page.untilTitle(en['setup.doneTitle']);
    expect(page.root.querySelector('a')?.getAttribute('href')).toBe('/signin');
  });

  it('says that the link is wrong and keeps what was typed', async () => {
    const { page } = submit(good, { status: 404, body: { code: 'wrong-credentials', detail: 'server words' } });
    await page.until(() => expect(page.notice).toBe(en['setup.badLink']));
    expect(page.input('again').value).toBe(good.again);
  });
});
