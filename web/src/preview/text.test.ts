import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, onSignedOut, Unreachable } from '../api/http';
import { decode, readText, refusalOf, shownBytes } from './text';

const utf8 = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();

afterEach(() => vi.unstubAllGlobals());

function answer(response: Response | Error) {
  const asked = vi.fn<typeof fetch>(() => (response instanceof Error ? Promise.reject(response) : Promise.resolve(response)));
  vi.stubGlobal('fetch', asked);
  return asked;
}

describe('reading the beginning', () => {
  it('asks for the first mebibyte only and says where it was cut', async () => {
    const asked = answer(new Response('abc', { status: 206, headers: { 'Content-Range': 'bytes 0-2/2000000' } }));
    expect(await readText('/x', signal)).toEqual({ text: 'abc', cut: true });
    expect(asked.mock.calls[0]?.[1]?.headers).toEqual({ Range: 'bytes=0-1048575' });
  });

  it('knows a whole file', async () => {
    answer(new Response('abc', { status: 206, headers: { 'Content-Range': 'bytes 0-2/3' } }));
    expect(await readText('/x', signal)).toEqual({ text: 'abc', cut: false });
  });

  it('stops listening to a server that sends everything', async () => {
    answer(new Response(utf8('é'.repeat(shownBytes)), { status: 200 }));
    const { text, cut } = await readText('/x', signal);
    expect([text.length, cut]).toEqual([shownBytes / 2, true]);
  });

  it('takes the refusal of an empty file’s first byte as an empty file', async () => {
    answer(new Response('', { status: 416 }));
    expect(await readText('/x', signal)).toEqual({ text: '', cut: false });
  });

  it('fails with the server’s own words', async () => {
    answer(new Response(JSON.stringify({ detail: 'Reading is not allowed.', code: 'denied' }), { status: 403 }));
    await expect(readText('/x', signal)).rejects.toThrow('Reading is not allowed.');
  });

  it('tells that the session has ended', async () => {
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    answer(new Response('{}', { status: 401 }));
    await expect(readText('/x', signal)).rejects.toBeInstanceOf(ApiError);
    stop();
    expect(heard).toHaveBeenCalledOnce();
  });

  it('tells that the server is away', async () => {
    answer(new TypeError('network'));
    await expect(readText('/x', signal)).rejects.toBeInstanceOf(Unreachable);
    answer(new TypeError('network'));
    expect(await refusalOf('/x', signal)).toBeInstanceOf(Unreachable);
    answer(new Response('a', { status: 206 }));
    expect(await refusalOf('/x', signal)).toBeUndefined();
  });
});

describe('decoding', () => {
  it.each([
    ['UTF-8', utf8('naïve 🐝'), 'naïve 🐝'],
    ['UTF-8 with a mark', utf8('\ufeffa'), 'a'],
    ['UTF-16, little end first', new Uint8Array([0xff, 0xfe, 0xe9, 0]), 'é'],
    ['UTF-16, big end first', new Uint8Array([0xfe, 0xff, 0, 0xe9]), 'é'],
    ['the old Western one', new Uint8Array([0x63, 0x61, 0x66, 0xe9]), 'café'],
  ])('%s', (_, bytes, want) => expect(decode(bytes, false)).toBe(want));

  it('drops half a character at a cut', () => expect(decode(utf8('aé').subarray(0, 2), true)).toBe('a'));
});
