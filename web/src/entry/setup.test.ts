// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import en from '../i18n/en.json';
import { setUp, takeToken } from './setup';
import { speak } from './words';

let root: HTMLElement;
let sent: unknown[];
let went: string[];

function serve(status: number, body: unknown = {}) {
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    sent.push(JSON.parse(init.body as string));
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
}

const input = (id: string) => root.querySelector<HTMLInputElement>(`#${id}`)!;
const error = (id: string) => document.getElementById(id + '-error')!.textContent;

async function submit(values: Record<string, string>, settled: () => void) {
  setUp(root, speak('en', en), { token: 'tok', go: (address) => went.push(address) });
  for (const [id, value] of Object.entries(values)) input(id).value = value;
  root.querySelector('form')!.requestSubmit();
  await vi.waitFor(settled);
}

const good = { password: 'correct horse battery', again: 'correct horse battery' };

beforeEach(() => {
  document.body.innerHTML = '<main></main>';
  root = document.querySelector('main')!;
  sent = [];
  went = [];
});

afterEach(() => vi.unstubAllGlobals());

describe('the set-up page', () => {
  it('makes the administrator and goes to the start page', async () => {
    serve(201);
    await submit({ ...good, name: ' Ada ' }, () => expect(went).toEqual(['/']));
    expect(sent).toEqual([{ token: 'tok', login: 'admin', name: 'Ada', password: good.password }]);
  });

  it('leaves an empty name out', async () => {
    serve(201);
    await submit({ ...good, login: 'root' }, () => expect(went).toEqual(['/']));
    expect(sent).toEqual([{ token: 'tok', login: 'root', password: good.password }]);
  });

  it('wants twelve characters, counted as people count them', async () => {
    serve(201);
    await submit({ password: '🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝', again: '🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝🐝' }, () =>
      expect(error('password')).toBe('This is too short: use at least 12 characters.'),
    );
    expect(sent).toEqual([]);
    expect(document.activeElement).toBe(input('password'));
  });

  it('wants the same password twice', async () => {
    serve(201);
    await submit({ ...good, again: 'correct horse batteri' }, () => expect(error('again')).toBe(en['setup.differ']));
    expect(sent).toEqual([]);
  });

  it('puts the server’s complaint beside its field', async () => {
    serve(422, { detail: 'validation failed', errors: [{ location: 'body.password', message: 'This password is in a public list.' }] });
    await submit(good, () => expect(error('password')).toBe('This password is in a public list.'));
    expect(input('password').value).toBe(good.password);
  });

  it('says that the link was used', async () => {
    serve(410, { code: 'setup-done' });
    await submit(good, () => expect(root.querySelector('h1')!.textContent).toBe(en['setup.doneTitle']));
    expect(root.querySelector('a')!.getAttribute('href')).toBe('/signin');
  });

  it('says that the link is wrong and keeps what was typed', async () => {
    serve(403, { code: 'wrong-credentials', detail: 'server words' });
    await submit(good, () => expect(root.querySelector('[role=alert]')!.textContent).toBe(en['setup.badLink']));
    expect(input('again').value).toBe(good.again);
  });

  it('takes the token out of the address at once', () => {
    history.replaceState(null, '', '/setup#s%2Becret');
    expect(takeToken(location, history)).toBe('s+ecret');
    expect(location.href).toBe(location.origin + '/setup');
    expect(takeToken(location, history)).toBe('');
  });

  it('takes a token that is not an encoded one as it is', () => {
    history.replaceState(null, '', '/setup#100%');
    expect(takeToken(location, history)).toBe('100%');
  });
});
