// Somebody who guesses passwords, as fast as the server lets him.
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { APIRequestContext } from '@playwright/test';

const derive = promisify(pbkdf2);
const mostTries = 400_000;

type Challenge = { parameters: { cost: number; keyLength: number; keyPrefix: string; nonce: string; salt: string }; signature: string };

/** Does the work that the server asks for before another attempt. */
export async function work(request: APIRequestContext): Promise<string> {
  const challenge = (await (await request.get('/api/v1/session/captcha')).json()) as Challenge;
  const { cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  const counted = Buffer.concat([Buffer.from(nonce, 'hex'), Buffer.alloc(4)]);
  for (let counter = 0; counter < mostTries; counter++) {
    counted.writeUInt32BE(counter, counted.length - 4);
    const key = (await derive(counted, Buffer.from(salt, 'hex'), cost, keyLength, 'sha256')).toString('hex');
    if (key.startsWith(keyPrefix)) return Buffer.from(JSON.stringify({ challenge, solution: { counter, derivedKey: key } })).toString('base64');
  }
  throw new Error('the work has no end');
}

/**
 * Tries wrong passwords until the account is locked and says how often that
 * was. It waits as long as it is told to between them, about a minute in all.
 */
export async function guessUntilLocked(request: APIRequestContext, login: string): Promise<number> {
  let captcha: string | undefined;
  for (let failures = 0; failures < 20;) {
    const answer = await request.post('/api/v1/session', { data: { login, password: `guess number ${failures}`, captcha } });
    const { code } = (await answer.json()) as { code?: string };
    captcha = undefined;
    if (code === 'locked') return failures;
    if (code === 'limited') await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers()['retry-after'] ?? 1)));
    else if (code === 'captcha') captcha = await work(request);
    else failures++;
  }
  throw new Error(`${login} was never locked`);
}

/** Signs in, after the work that is asked for where others failed from here. */
export async function enter(request: APIRequestContext, login: string, password: string): Promise<void> {
  let answer = await request.post('/api/v1/session', { data: { login, password } });
  if (answer.status() === 401 && (await answer.json() as { code?: string }).code === 'captcha') {
    answer = await request.post('/api/v1/session', { data: { login, password, captcha: await work(request) } });
  }
  if (!answer.ok()) throw new Error(`${login}: ${answer.status()} ${await answer.text()}`);
}
