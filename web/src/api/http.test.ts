import { afterEach, describe, expect, it, vi } from 'vitest';
import { answer, ApiError, onSignedOut, provedBy, reach } from './http';

const problem = (status: number, code: string) => new Response(JSON.stringify({ status, code, detail: code }), { status, headers: { 'Content-Type': 'application/problem+json' } });
const post = () => new Request('http://localhost/api/v1/tokens', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"label":"backup"}' });

/** Sends it as a call of the page does. */
async function call(): Promise<unknown> {
  const response = await reach(post());
  return answer<unknown>(Promise.resolve({ error: (await response.json()) as unknown, response }));
}

/** A server that gives these answers, one after the other, and keeps what it was sent. */
function server(...answers: Response[]): string[] {
  const heard: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    heard.push(await request.text());
    return answers.shift() ?? new Response(null, { status: 204 });
  });
  return heard;
}

afterEach(() => {
  provedBy(undefined);
  vi.unstubAllGlobals();
});

describe('a call that needs a fresh sign-in', () => {
  it('is sent again as it was, once the person has confirmed', async () => {
    const heard = server(problem(403, 'not-fresh'));
    provedBy(() => Promise.resolve(true));
    expect((await reach(post())).status).toBe(204);
    expect(heard).toEqual(['{"label":"backup"}', '{"label":"backup"}']);
  });

  it('ends with the refusal where she does not', async () => {
    const heard = server(problem(403, 'not-fresh'));
    provedBy(() => Promise.resolve(false));
    expect((await reach(post())).status).toBe(403);
    expect(heard).toHaveLength(1);
  });

  it('is told from other refusals, whose words stay readable', async () => {
    server(problem(403, 'policy'));
    const ask = vi.fn(() => Promise.resolve(true));
    provedBy(ask);
    await expect(call()).rejects.toMatchObject({ code: 'policy', message: 'policy' });
    expect(ask).not.toHaveBeenCalled();
  });

  it('is not kept where a file is sent', async () => {
    const heard = server(problem(403, 'not-fresh'));
    provedBy(() => Promise.resolve(true));
    const file = new Request('http://localhost/api/v1/nodes/1/files', { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream' }, body: 'bytes' });
    expect((await reach(file)).status).toBe(403);
    expect(heard).toHaveLength(1);
  });
});

describe('an answer 401', () => {
  it.each([['wrong-code', 0], ['wrong-credentials', 0], ['captcha', 0], ['signed-out', 1], ['second-factor', 1]])('%s ends the session %i times', async (code, times) => {
    server(problem(401, code));
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    await expect(call()).rejects.toThrow(ApiError);
    stop();
    expect(heard).toHaveBeenCalledTimes(times);
  });
});
