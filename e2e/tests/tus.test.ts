// tus-js-client, a client that knows nothing of Alveary, uploads over a line
// that breaks to a server that is killed. Everything arrives whole.
import { expect, test } from '@playwright/test';
import { Agent, request } from 'node:https';
import { randomBytes, randomInt } from 'node:crypto';
import * as tus from 'tus-js-client';
import { digest } from '../support/files.ts';
import { Line } from '../support/proxy.ts';
import { Server } from '../support/server.ts';

const files = 100;
const atOnce = 6;
const piece = 256 << 10;

// Everything between nothing and some megabytes, mostly small.
function size(i: number): number {
  if (i % 25 === 0) return 0;
  if (i % 3 === 0) return randomInt(1, 4096);
  return i % 10 === 1 ? randomInt(1 << 20, 6 << 20) : randomInt(4096, 1 << 20);
}

/** Asks the server itself, not over the line. */
function ask(server: Server, token: string, path: string): Promise<{ status: number; body: Buffer }> {
  return new Promise((done, failed) => {
    const call = request(server.url + path, { rejectUnauthorized: false, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
      response.on('error', failed);
    });
    call.on('error', failed);
    call.end();
  });
}

test('100 files by tus, over a line that breaks, to a server that is killed', async () => {
  test.setTimeout(150_000);
  const server = await Server.start({ demo: true });
  const token = await server.token('admin');
  const line = await Line.to(Number(new URL(server.url).port));
  const tell = async <T>(path: string): Promise<T> => {
    const { status, body } = await ask(server, token, path);
    expect(status, body.toString()).toBe(200);
    return JSON.parse(body.toString()) as T;
  };
  const parent = (await tell<{ id: string }>('/api/v1/nodes?path=common-files')).id;
  const agent = new Agent({ rejectUnauthorized: false, keepAlive: true });

  const sent = new Map<string, string>();
  const upload = async (i: number) => {
    const content = randomBytes(size(i));
    const name = `file ${String(i).padStart(3, '0')}.bin`;
    sent.set(name, digest(content));
    await new Promise<void>((done, failed) => {
      new tus.Upload(content, {
        endpoint: `https://localhost:${line.port}/api/v1/uploads`,
        httpStack: new tus.DefaultHttpStack({ agent }),
        headers: { Authorization: `Bearer ${token}` },
        metadata: { parent, name, conflict: 'replace' },
        chunkSize: piece,
        uploadDataDuringCreation: i % 2 === 0,
        storeFingerprintForResuming: false,
        retryDelays: Array.from({ length: 60 }, (_, n) => Math.min(50 * (n + 1), 500)),
        onShouldRetry: () => true,
        onSuccess: () => done(),
        onError: failed,
      }).start();
    });
  };

  let finished = 0;
  let kills = 0;
  let over = false;
  const trouble = async () => {
    while (!over) {
      await new Promise((later) => setTimeout(later, randomInt(10, 120)));
      line.cut(Math.random());
      // Again and again, as far as there is something left to disturb.
      if (finished >= (kills + 1) * 12) {
        kills++;
        await server.kill();
        await server.up();
      }
    }
  };
  const troubled = trouble();
  let next = 0;
  const worker = async () => {
    while (next < files) {
      await upload(next++);
      finished++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  over = true;
  await troubled;
  await line.close();
  agent.destroy();

  const { items } = await tell<{ items: { id: string; name: string }[] }>(`/api/v1/nodes/${parent}/children?limit=1000`);
  const arrived = new Map<string, string>();
  for (const { id, name } of items) {
    if (!sent.has(name) && !name.startsWith('file ')) continue; // the organisation's own
    const { status, body } = await ask(server, token, `/api/v1/nodes/${id}/content`);
    expect(status, name).toBe(200);
    arrived.set(name, digest(body));
  }
  expect(new Map([...arrived].sort())).toEqual(new Map([...sent].sort()));
  expect(kills, 'kills').toBeGreaterThan(3);
  expect(line.cuts, 'cuts').toBeGreaterThan(10);
  console.log(`${sent.size} files, ${line.cuts} connections cut, ${kills} kills`);
  await server.stop();
});
