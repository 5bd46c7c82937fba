import { afterEach, expect, it, vi } from 'vitest';

// The challenge as the server makes it, and what it takes for solved: both
// stand in captcha/captcha_test.go as well, where they are made and verified.
const challenge = {
  parameters: {
    algorithm: 'PBKDF2/SHA-256',
    cost: 1000,
    expiresAt: 1800000600,
    keyLength: 32,
    keyPrefix: '98ff5e6d345815f4a98b7084f678abe3',
    keySignature: '4e6f86e619f99f994319721006975bf0f3296e897cf134e22129922ec41a87c8',
    nonce: '000102030405060708090a0b0c0d0e0f',
    salt: '101112131415161718191a1b1c1d1e1f',
  },
  signature: '4d1d6fb8fa8610262fbd910196de162d06ed4e31f096b352db0fce14fb98042c',
};

afterEach(() => vi.unstubAllGlobals());

it('the worker of the widget solves what the server asks', async () => {
  const desk: { onmessage?: (message: { data: unknown }) => void; postMessage?: (found: unknown) => void } = {};
  vi.stubGlobal('self', desk);
  const { payloadOf } = await import('./captcha'); // brings the worker's script with it
  const found = await new Promise((resolve) => {
    desk.postMessage = resolve;
    desk.onmessage?.({ data: { type: 'work', challenge, counterStart: 0, counterStep: 1, timeout: 60_000 } });
  });
  const solution = { counter: 41, derivedKey: '98ff5e6d345815f4a98b7084f678abe3cbfbfab38cf5dec8d90ad2dd84337d15', time: 33.4 };
  expect(found).toMatchObject({ counter: solution.counter, derivedKey: solution.derivedKey });
  expect(JSON.parse(atob(payloadOf(challenge, solution)))).toEqual({ challenge, solution });
});
