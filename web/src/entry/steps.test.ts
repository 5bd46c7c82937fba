// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { signIn } from './signin';
import { english as en, Page, passkeys, type Reply, type Sent, serve } from './testing';

const start = location.origin + '/';
const ask = { challenge: 'AQID' };
const signedIn = { body: { state: 'signed-in' } };

let sent: Sent;

/** Signs in by password and waits for what comes next. */
async function after(answer: unknown, title: string, replies: Record<string, Reply | Reply[]> = {}): Promise<Page> {
  sent = serve({ '/session': { body: answer }, ...replies });
  const page = new Page(signIn());
  page.submit({ login: 'ada', password: 'right' });
  await page.untilTitle(title);
  sent.length = 0;
  return page;
}

beforeEach(() => passkeys('shown'));
afterEach(() => vi.unstubAllGlobals());

describe('the second step', () => {
  const totp = { state: 'second-factor', pending: 'p', factors: ['totp', 'recovery'] };

  it('takes the code of the app', async () => {
    const page = await after(totp, en['second.title'], { '/session/factor': signedIn });
    expect(page.input('code').autocomplete).toBe('one-time-code');
    expect(page.has(en['second.usePasskey'])).toBe(false);
    page.submit({ code: ' 123456 ' });
    await page.until(() => expect(page.went).toEqual([start]));
    expect(sent).toEqual([['/session/factor', { pending: 'p', code: '123456' }]]);
  });

  it('takes a recovery code in the same field', async () => {
    const page = await after(totp, en['second.title'], { '/session/factor': signedIn });
    page.press(en['second.useRecovery']);
    expect(page.input('code').getAttribute('inputmode')).toBe('text');
    page.press(en['second.useApp']);
    expect(page.input('code').getAttribute('inputmode')).toBe('numeric');
    page.submit({ code: 'abcd-efgh' });
    await page.until(() => expect(page.went).toEqual([start]));
  });

  it('says that a code is wrong and lets one try again', async () => {
    const page = await after(totp, en['second.title'], { '/session/factor': [{ status: 401, body: { code: 'wrong-code' } }, signedIn] });
    page.submit();
    await page.until(() => expect(page.error('code')).toBe(en['second.codeEmpty']));
    page.submit({ code: '000000' });
    await page.until(() => expect(page.notice).toBe(en['second.wrong']));
    expect(page.input('code').value).toBe('000000');
    page.submit({ code: '123456' });
    await page.until(() => expect(page.went).toEqual([start]));
  });

  it('begins again where it took too long, with the name kept', async () => {
    const page = await after(totp, en['second.title'], { '/session/factor': { status: 404, body: { code: 'not-found' } } });
    page.submit({ code: '123456' });
    await page.untilTitle(en['signin.title']);
    expect(page.text).toContain(en['signin.late']);
    expect(page.input('login').value).toBe('ada');
  });

  it('shows the policy’s own sentence', async () => {
    const page = await after(totp, en['second.title'], { '/session/factor': { status: 403, body: { detail: 'Not from here.' } } });
    page.submit({ code: '123456' });
    await page.until(() => expect(page.notice).toBe('Not from here.'));
  });

  it('takes a passkey', async () => {
    const page = await after({ ...totp, factors: ['passkey', 'recovery'], passkey: ask }, en['second.title'], { '/session/factor': signedIn });
    expect(page.root.querySelector('#code')).toBeNull();
    page.submit();
    await page.until(() => expect(page.went).toEqual([start]));
    expect(sent).toMatchObject([['/session/factor', { pending: 'p', passkey: { id: 'AQID' } }]]);
  });

  it('takes a recovery code in place of a passkey', async () => {
    const page = await after({ ...totp, factors: ['passkey', 'recovery'], passkey: ask }, en['second.title'], { '/session/factor': signedIn });
    page.press(en['second.useRecovery']);
    page.submit({ code: 'abcd-efgh' });
    await page.until(() => expect(sent).toEqual([['/session/factor', { pending: 'p', code: 'abcd-efgh' }]]));
  });

  it('leads back to the beginning', async () => {
    const page = await after(totp, en['second.title']);
    page.press(en['second.beginAgain']);
    expect(page.title).toBe(en['signin.title']);
  });
});

describe('a second step that has to be set up', () => {
  const enrol = { state: 'enrol', pending: 'p' };
  const codes = ['aaaa-bbbb', 'cccc-dddd'];
  const begun = { body: { totp: { secret: 'ABCDEFGHIJ', uri: 'otpauth://totp/x', qr: ['101', '010', '111'] } } };

  it('is an app, whose code confirms it, and leaves recovery codes', async () => {
    const page = await after(enrol, en['enrol.title'], {
      '/session/enrol': begun,
      '/session/enrol/confirm': [{ status: 401, body: { code: 'wrong-code' } }, { body: { state: 'signed-in', recovery: codes } }],
    });
    page.press(en['enrol.app']);
    await page.untilTitle(en['enrol.appTitle']);
    expect(page.root.querySelector('.qr path')?.getAttribute('d')).toBe('M4 4h1v1h-1zM6 4h1v1h-1zM5 5h1v1h-1zM4 6h3v1h-3z');
    expect(page.root.querySelector('#secret')?.textContent).toBe('ABCD EFGH IJ');
    page.submit({ code: '000000' });
    await page.until(() => expect(page.notice).toBe(en['enrol.wrong']));
    page.submit({ code: '123456' });
    await page.untilTitle(en['codes.title']);
    expect([...page.root.querySelectorAll('.codes li')].map((code) => code.textContent)).toEqual(codes);
    expect(page.went).toEqual([]);
    page.press(en['codes.kept']);
    expect(page.went).toEqual([start]);
    expect(sent.map(([path, body]) => [path, body])).toEqual([
      ['/session/enrol', { pending: 'p', kind: 'totp' }],
      ['/session/enrol/confirm', { pending: 'p', code: '000000' }],
      ['/session/enrol/confirm', { pending: 'p', code: '123456' }],
    ]);
  });

  it('is a passkey', async () => {
    const page = await after(enrol, en['enrol.title'], {
      '/session/enrol': { body: { passkey: { ...ask, user: { id: 'AQID' } } } },
      '/session/enrol/confirm': { body: { state: 'signed-in', recovery: codes } },
    });
    page.press(en['enrol.passkey']);
    await page.untilTitle(en['codes.title']);
    expect(sent[1]).toMatchObject(['/session/enrol/confirm', { pending: 'p', label: en['passkeys.label'], passkey: { response: { attestationObject: 'AQID' } } }]);
  });

  it('may be broken off and chosen anew', async () => {
    passkeys(new DOMException('', 'NotAllowedError'));
    const page = await after(enrol, en['enrol.title'], { '/session/enrol': { body: { passkey: { ...ask, user: { id: 'AQID' } }, ...begun.body } } });
    page.press(en['enrol.passkey']);
    await page.until(() => expect(page.notice).toBe(en['passkeys.brokenOff']));
    page.press(en['enrol.app']);
    await page.untilTitle(en['enrol.appTitle']);
    page.press(en['enrol.other']);
    expect(page.title).toBe(en['enrol.title']);
  });

  it('offers what the server and the browser can do', async () => {
    let page = await after({ ...enrol, factors: ['totp'] }, en['enrol.title']);
    expect([page.has(en['enrol.app']), page.has(en['enrol.passkey'])]).toEqual([true, false]);
    vi.stubGlobal('PublicKeyCredential', undefined);
    page = await after(enrol, en['enrol.title']);
    expect([page.has(en['enrol.app']), page.has(en['enrol.passkey'])]).toEqual([true, false]);
  });

  it('begins again where it took too long', async () => {
    const page = await after(enrol, en['enrol.title'], { '/session/enrol': { status: 404 } });
    page.press(en['enrol.app']);
    await page.untilTitle(en['signin.title']);
    expect(page.text).toContain(en['signin.late']);
  });

  it('lets recovery codes be copied', async () => {
    const copied: string[] = [];
    vi.stubGlobal('navigator', { languages: ['en'], clipboard: { writeText: (text: string) => Promise.resolve(copied.push(text)) } });
    const page = await after({ state: 'signed-in', recovery: codes }, en['codes.title']);
    page.press(en['codes.copy']);
    await page.until(() => expect(page.text).toContain(en['codes.copied']));
    expect(copied).toEqual([codes.join('\n')]);
  });
});
