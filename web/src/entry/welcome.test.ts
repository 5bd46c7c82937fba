// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { english as en, Page, type Reply, serve } from './testing';
import { takeToken } from './token';
import { lost, openLetter } from './welcome';

const good = { password: 'correct horse battery', again: 'correct horse battery' };
const letter = { kind: 'invitation', login: 'ada l', name: 'Ada', minPassword: 14 };

afterEach(() => vi.unstubAllGlobals());

async function opened(body: unknown, title: string, choose: Reply | Error = { status: 204 }) {
  const sent = serve({ '/password/letter': { body }, '/password/choose': choose });
  const page = new Page(openLetter('tok'));
  await page.untilTitle(title);
  return { page, sent };
}

describe('the page of a letter', () => {
  it('greets, sets the password and leads to sign-in with the name', async () => {
    const { page, sent } = await opened(letter, 'Welcome, Ada');
    expect([page.input('login').value, page.input('login').readOnly]).toEqual(['ada l', true]);
    page.submit(good);
    await page.until(() => expect(page.went).toEqual(['/signin#login=ada%20l']));
    expect(sent).toEqual([['/password/letter', { token: 'tok' }], ['/password/choose', { token: 'tok', password: good.password }]]);
  });

  it('speaks of a forgotten password as such, and to whom has no name by the sign-in name', async () => {
    const { page } = await opened({ ...letter, kind: 'reset', name: '' }, 'A new password, ada l');
    expect(page.text).toContain(en['welcome.resetLead']);
  });

  it('says what the rules are before asking the server', async () => {
    const { page, sent } = await opened(letter, 'Welcome, Ada');
    page.submit({ password: 'thirteen char', again: 'thirteen cha' });
    await page.until(() => expect(page.error('password')).toBe('This is too short: use at least 14 characters.'));
    expect(page.error('again')).toBe(en['setup.differ']);
    expect(sent).toHaveLength(1);
  });

  it('puts beside the field what the server says of the password', async () => {
    const { page } = await opened(letter, 'Welcome, Ada', { status: 400, body: { code: 'weak-password', detail: 'This is a common password.' } });
    page.submit(good);
    await page.until(() => expect(page.error('password')).toBe('This is a common password.'));
    expect(page.input('password').value).toBe(good.password);
    expect(document.activeElement).toBe(page.input('password'));
  });

  it.each([401, 404, 410])('says with %d that the link is used up', async (status) => {
    serve({ '/password/letter': { status } });
    const page = new Page(openLetter('tok'));
    await page.untilTitle(en['welcome.spentTitle']);
    expect(page.root.querySelector('a.go')?.getAttribute('href')).toBe('/signin');
  });

  it('says so when it was used meanwhile', async () => {
    const { page } = await opened(letter, 'Welcome, Ada', { status: 410 });
    page.submit(good);
    await page.untilTitle(en['welcome.spentTitle']);
  });

  it('can be opened again where the server did not answer', async () => {
    serve({ '/password/letter': [new TypeError('network'), { body: letter }] });
    const page = new Page(openLetter('tok'));
    await page.until(() => expect(page.notice).toBe(en['entry.unreachable']));
    page.submit();
    await page.untilTitle('Welcome, Ada');
  });

  it('keeps what was typed when the line breaks', async () => {
    const { page } = await opened(letter, 'Welcome, Ada', new TypeError('network'));
    page.submit(good);
    await page.until(() => expect(page.notice).toBe(en['entry.unreachable']));
    expect(page.input('again').value).toBe(good.again);
  });

  it('says where the rest of the address is', () => expect(new Page(lost).title).toBe(en['welcome.lostTitle']));
});

describe('the token', () => {
  it('is taken out of the address at once', () => {
    history.replaceState(null, '', '/welcome#s%2Becret');
    expect(takeToken(location, history)).toBe('s+ecret');
    expect(location.href).toBe(location.origin + '/welcome');
    expect(takeToken(location, history)).toBe('');
  });

  it('is taken as it is where it is not encoded', () => {
    history.replaceState(null, '', '/welcome#100%');
    expect(takeToken(location, history)).toBe('100%');
  });
});
