// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import en from '../i18n/en.json';
import fr from '../i18n/fr.json';
import { signIn } from './signin';
import { speak } from './words';

type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

let root: HTMLElement;
let sent: unknown[];
let went: string[];

/** Answers the question for the server itself, then the given reply to every sign-in. */
function serve(reply: Reply | Error, server: unknown = { setupNeeded: false }) {
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    if (path === '/api/v1/server') return Promise.resolve(new Response(JSON.stringify(server)));
    sent.push(JSON.parse(init.body as string));
    if (reply instanceof Error) return Promise.reject(reply);
    return Promise.resolve(new Response(JSON.stringify(reply.body ?? {}), { status: reply.status, headers: reply.headers }));
  });
}

const input = (id: string) => root.querySelector<HTMLInputElement>(`#${id}`)!;
const notice = () => root.querySelector('[role=alert]')!.textContent;

async function submit(login: string, password: string) {
  signIn(root, speak('en', en), (address) => went.push(address));
  input('login').value = login;
  input('password').value = password;
  root.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(root.querySelector('.go')!.textContent).toBe(went.length ? en['signin.busy'] : en['signin.go']));
}

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  root = document.querySelector('main')!;
  sent = [];
  went = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the sign-in page', () => {
  it('sends what was typed and goes on', async () => {
    serve({ status: 200, body: { user: { login: 'ada' } } });
    await submit(' ada ', ' with spaces ');
    expect(sent).toEqual([{ login: 'ada', password: ' with spaces ' }]);
    expect(went).toEqual([location.origin + '/']);
  });

  it('says that something is wrong and keeps what was typed', async () => {
    serve({ status: 401, body: { code: 'wrong-credentials', detail: 'server words' } });
    await submit('ada', 'guess');
    expect(notice()).toBe(en['signin.wrong']);
    expect(input('login').value).toBe('ada');
    expect(input('password').value).toBe('guess');
    expect(document.activeElement).toBe(input('password'));
    expect(went).toEqual([]);
  });

  it('says that the server does not answer and keeps what was typed', async () => {
    serve(new TypeError('network'));
    await submit('ada', 'secret');
    expect(notice()).toBe(en['entry.unreachable']);
    expect(input('password').value).toBe('secret');
    serve({ status: 503 });
    await submit('ada', 'secret');
    expect(notice()).toBe(en['entry.unreachable']);
  });

  it('shows the server’s own sentence for anything else', async () => {
    serve({ status: 403, body: { detail: 'This account is closed.' } });
    await submit('ada', 'secret');
    expect(notice()).toBe('This account is closed.');
  });

  it('counts the seconds down when there were too many attempts', async () => {
    vi.useFakeTimers();
    serve({ status: 429, body: {}, headers: { 'Retry-After': '3' } });
    signIn(root, speak('en', en), (address) => went.push(address));
    input('login').value = 'ada';
    input('password').value = 'guess';
    root.querySelector('form')!.requestSubmit();
    await vi.advanceTimersByTimeAsync(10);
    const seen = () => root.querySelector('[role=alert] [aria-hidden]')?.textContent;
    expect(seen()).toBe('Too many attempts. Try again in 3 seconds.');
    await vi.advanceTimersByTimeAsync(2100);
    expect(seen()).toBe('Too many attempts. Try again in 1 second.');
    await vi.advanceTimersByTimeAsync(1000);
    expect(notice()).toBe('');
    expect(root.querySelector('.go')!.getAttribute('aria-disabled')).toBe('false');
  });

  it('asks for what is missing before asking the server', async () => {
    serve({ status: 200 });
    await submit('  ', '');
    expect(sent).toEqual([]);
    expect(input('login').getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById('login-error')!.textContent).toBe(en['entry.loginEmpty']);
    expect(document.activeElement).toBe(input('login'));
  });

  it('shows and hides the password', () => {
    serve({ status: 200 });
    signIn(root, speak('fr', fr), () => undefined);
    const eye = root.querySelector<HTMLButtonElement>('.peek')!;
    expect(eye.getAttribute('aria-label')).toBe('Afficher le mot de passe');
    eye.click();
    expect([input('password').type, eye.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
    eye.click();
    expect([input('password').type, eye.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
  });

  it('says when the server has not been set up', async () => {
    serve({ status: 200 }, { setupNeeded: true });
    signIn(root, speak('en', en), () => undefined);
    await vi.waitFor(() => expect(root.querySelector<HTMLElement>('.aside')!.hidden).toBe(false));
  });
});
