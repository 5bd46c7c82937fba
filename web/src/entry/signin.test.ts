// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import fr from '../i18n/fr.json';
import ownFr from '../i18n/entry.fr.json';
import { signIn, takeLogin } from './signin';
import { english as en, Page, passkeys, serve } from './testing';
import { speak } from './words';

vi.mock('./captcha', () => ({ solve: () => Promise.resolve('proof') }));

const challenge = { body: { parameters: { algorithm: 'PBKDF2/SHA-256' }, signature: 's' } };
const typed = { login: 'ada', password: 'guess' };
const start = location.origin + '/';

beforeEach(() => vi.stubGlobal('PublicKeyCredential', undefined));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the sign-in page', () => {
  it('sends what was typed and goes on', async () => {
    const sent = serve({ '/session': { body: { state: 'signed-in' } } });
    const page = new Page(signIn());
    page.submit({ login: ' ada ', password: ' with spaces ' });
    await page.until(() => expect(page.went).toEqual([start]));
    expect(sent).toEqual([['/session', { login: 'ada', password: ' with spaces ' }]]);
  });

  it('says that something is wrong and keeps what was typed', async () => {
    serve({ '/session': { status: 401, body: { code: 'wrong-credentials', detail: 'server words' } } });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toBe(en['signin.wrong']));
    expect([page.input('login').value, page.input('password').value]).toEqual(['ada', 'guess']);
    expect(document.activeElement).toBe(page.input('password'));
    expect(page.went).toEqual([]);
  });

  it.each([new TypeError('network'), { status: 503 }])('says that the server does not answer and keeps what was typed', async (reply) => {
    serve({ '/session': reply });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toBe(en['entry.unreachable']));
    expect(page.input('password').value).toBe('guess');
  });

  it('shows the server’s own sentence where a policy refuses', async () => {
    serve({ '/session': { status: 403, body: { code: 'policy', detail: 'nobody signs in at night.' } } });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toBe('Nobody signs in at night.'));
  });

  it.each([
    ['limited', '3', 'Too many attempts. Try again in 3 seconds.', 'Too many attempts. Try again in 1 second.'],
    ['busy', '3', 'The server has a lot to do. Try again in 3 seconds.', 'The server has a lot to do. Try again in 1 second.'],
    ['locked', '3', 'Sign-in is locked after too many attempts. Try again in 3 seconds.', 'Sign-in is locked after too many attempts. Try again in 1 second.'],
  ])('counts down when it is %s', async (code, after, first, last) => {
    vi.useFakeTimers();
    serve({ '/session': { status: 429, body: { code }, headers: { 'Retry-After': after } } });
    const page = new Page(signIn());
    page.submit(typed);
    await vi.advanceTimersByTimeAsync(10);
    const seen = () => page.root.querySelector('[role=alert] [aria-hidden]')?.textContent;
    expect(seen()).toBe(first);
    await vi.advanceTimersByTimeAsync(2100);
    expect(seen()).toBe(last);
    await vi.advanceTimersByTimeAsync(1000);
    expect(page.notice).toBe('');
    expect(page.root.querySelector('.go')?.getAttribute('aria-disabled')).toBe('false');
  });

  it('speaks of minutes where the lock is long', async () => {
    serve({ '/session': { status: 429, body: { code: 'locked' }, headers: { 'Retry-After': '900' } } });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toContain('Try again in 15 minutes, or ask your administrator.'));
  });

  it('does the work that is asked for and sends the same again, and from then on at once', async () => {
    const sent = serve({
      '/session': [{ status: 401, body: { code: 'captcha' } }, { status: 401, body: { code: 'wrong-credentials' } }],
      '/session/captcha': challenge,
    });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toBe(en['signin.wrong']));
    expect(sent).toEqual([['/session', typed], ['/session/captcha', undefined], ['/session', { ...typed, captcha: 'proof' }]]);
    expect(page.input('password').value).toBe('guess');
    page.submit({ password: 'another' });
    await page.until(() => expect(sent).toHaveLength(5));
    expect(sent.slice(3)).toEqual([['/session/captcha', undefined], ['/session', { login: 'ada', password: 'another', captcha: 'proof' }]]);
  });

  it('says so where the work is not of a kind it can do', async () => {
    serve({ '/session': { status: 401, body: { code: 'captcha' } }, '/session/captcha': { body: { parameters: { algorithm: 'ARGON2ID' } } } });
    const page = new Page(signIn());
    page.submit(typed);
    await page.until(() => expect(page.notice).toBe(en['signin.noProof']));
  });

  it('asks for what is missing before asking the server', async () => {
    const sent = serve({});
    const page = new Page(signIn());
    page.submit({ login: '  ' });
    await page.until(() => expect(page.error('login')).toBe(en['entry.loginEmpty']));
    expect(sent).toEqual([]);
    expect(page.input('login').getAttribute('aria-invalid')).toBe('true');
    expect(document.activeElement).toBe(page.input('login'));
  });

  it('shows and hides the password', () => {
    const page = new Page(signIn());
    const eye = page.root.querySelector<HTMLButtonElement>('.peek')!;
    expect(eye.getAttribute('aria-label')).toBe('Show password');
    eye.click();
    expect([page.input('password').type, eye.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
    eye.click();
    expect([page.input('password').type, eye.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
  });

  it('speaks another language and keeps what was typed and where one was', () => {
    const page = new Page(signIn());
    page.input('login').value = 'ada';
    page.input('password').value = 'half a pass';
    page.input('password').focus();
    page.stage.words = speak('fr', { ...fr, ...ownFr });
    page.stage.again();
    expect(page.title).toBe(fr['signin.title']);
    expect([page.input('login').value, page.input('password').value]).toEqual(['ada', 'half a pass']);
    expect(document.activeElement).toBe(page.input('password'));
  });

  it('says when the server has not been set up, and in whose name it speaks', () => {
    const page = new Page(signIn(), { setupNeeded: true, name: 'Honeyworks' });
    expect(page.text).toContain(en['signin.notSetUp']);
    expect(page.text).toContain('Honeyworks');
    expect(document.title).toBe('Sign in · Honeyworks');
  });

  it('takes the name of who has just chosen a password out of the address', () => {
    history.replaceState(null, '', '/signin?next=/bin#login=ada%20l');
    const beginning = takeLogin(location, history);
    expect([beginning, location.href]).toEqual([{ login: 'ada l', said: 'signin.chosen' }, location.origin + '/signin?next=/bin']);
    history.replaceState(null, '', '/');
    const page = new Page(signIn(beginning));
    expect([page.input('login').value, document.activeElement]).toEqual(['ada l', page.input('password')]);
    expect(page.text).toContain(en['signin.chosen']);
  });
});

describe('a passkey in place of the password', () => {
  it('is offered only where the house and the browser know of it', () => {
    expect(new Page(signIn(), { passkeys: true }).has(en['signin.passkey'])).toBe(false);
    passkeys('shown');
    expect(new Page(signIn(), { passkeys: false }).has(en['signin.passkey'])).toBe(false);
    expect(new Page(signIn(), { passkeys: true }).has(en['signin.passkey'])).toBe(true);
  });

  it('lets in', async () => {
    passkeys('shown');
    const sent = serve({ '/session/passkey': { body: { pending: 'p', passkey: { challenge: 'AQID' } } }, '/session/factor': { body: { state: 'signed-in' } } });
    const page = new Page(signIn(), { passkeys: true });
    page.press(en['signin.passkey']);
    await page.until(() => expect(page.went).toEqual([start]));
    expect(sent[0]).toEqual(['/session/passkey', {}]);
    expect(sent[1]).toMatchObject(['/session/factor', { pending: 'p', passkey: { id: 'AQID', response: { signature: 'AQID' } } }]);
  });

  it.each([
    [new DOMException('', 'NotAllowedError'), en['passkeys.brokenOff']],
    [new TypeError('no'), en['passkeys.failed']],
  ])('that was not shown is said', async (error, words) => {
    passkeys(error);
    serve({ '/session/passkey': { body: { pending: 'p', passkey: { challenge: 'AQID' } } } });
    const page = new Page(signIn(), { passkeys: true });
    page.press(en['signin.passkey']);
    await page.until(() => expect(page.notice).toBe(words));
  });

  it('that nobody has is refused', async () => {
    passkeys('shown');
    serve({ '/session/passkey': { body: { pending: 'p', passkey: { challenge: 'AQID' } } }, '/session/factor': { status: 401, body: { code: 'wrong-code' } } });
    const page = new Page(signIn(), { passkeys: true });
    page.press(en['signin.passkey']);
    await page.until(() => expect(page.notice).toBe(en['passkeys.unknown']));
  });
});

describe('a forgotten password', () => {
  it('is a matter of mail', () => expect(new Page(signIn()).has(en['signin.forgot'])).toBe(false));

  it('always gets the same answer, after work where that is asked for', async () => {
    const sent = serve({ '/password/reset': [{ status: 401, body: { code: 'captcha' } }, { status: 204 }], '/session/captcha': challenge });
    const page = new Page(signIn(), { reset: true });
    page.input('login').value = 'ada';
    page.press(en['signin.forgot']);
    expect(page.input('login').value).toBe('ada');
    page.submit();
    await page.untilTitle(en['forgot.sentTitle']);
    expect(sent.at(-1)).toEqual(['/password/reset', { login: 'ada', captcha: 'proof' }]);
    page.press(en['forgot.back']);
    expect([page.title, page.input('login').value]).toEqual([en['signin.title'], 'ada']);
  });

  it('waits where there were too many', async () => {
    serve({ '/password/reset': { status: 429, headers: { 'Retry-After': '5' } } });
    const page = new Page(signIn(), { reset: true });
    page.press(en['signin.forgot']);
    page.submit();
    await page.until(() => expect(page.error('login')).toBe(en['entry.loginEmpty']));
    page.submit({ login: 'ada' });
    await page.until(() => expect(page.notice).toContain('Try again in 5 seconds.'));
  });
});
