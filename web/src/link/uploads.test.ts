import { describe, expect, it, vi } from 'vitest';
import { type Send, type Sent, Uploads } from './uploads';

const file = (name: string, size = 3) => new File(['x'.repeat(size)], name);

/** Sends that wait until the test says how they end. */
function line() {
  const open: { name: string; end: (sent: Sent) => void; signal: AbortSignal }[] = [];
  const send: Send = (_, { name }, __, signal) => new Promise((end) => {
    open.push({ name, end, signal });
    signal.addEventListener('abort', () => end({ kind: 'lost' }));
  });
  return { open, send };
}

describe('files that are sent', () => {
  it('go two at a time and say when all are through', async () => {
    const { open, send } = line();
    const settled = vi.fn();
    const uploads = new Uploads(send, () => undefined, settled);
    uploads.add('7', [file('a'), file('b'), file('c')], 0);
    expect(open.map(({ name }) => name)).toEqual(['a', 'b']);
    open[0]?.end({ kind: 'ok' });
    await vi.waitFor(() => expect(open).toHaveLength(3));
    expect(uploads.busy).toBe(true);
    open[1]?.end({ kind: 'ok' });
    open[2]?.end({ kind: 'ok' });
    await vi.waitFor(() => expect(settled).toHaveBeenCalledOnce());
    expect(uploads.list.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  });

  it('stay with the reason where they failed, and can be tried again', async () => {
    const { open, send } = line();
    const uploads = new Uploads(send, () => undefined);
    uploads.add('', [file('a')], 0);
    open[0]?.end({ kind: 'refused', status: 507, code: '', detail: '', seconds: 0 });
    const [upload] = uploads.list;
    await vi.waitFor(() => expect(upload?.state).toBe('failed'));
    expect(upload?.why).toMatchObject({ status: 507 });
    if (upload) uploads.retry(upload);
    expect(open).toHaveLength(2);
    open[1]?.end({ kind: 'ok' });
    await vi.waitFor(() => expect(upload?.state).toBe('done'));
    expect(upload?.why).toBeUndefined();
  });

  it('are not sent where they are too large, or folders', () => {
    const { open, send } = line();
    const uploads = new Uploads(send, () => undefined);
    uploads.add('', [file('large', 11), file('just', 10)], 10);
    uploads.refuseFolder('', 'many');
    expect(uploads.list.map(({ state }) => state)).toEqual(['too-large', 'sending', 'folder']);
    expect(open.map(({ name }) => name)).toEqual(['just']);
  });

  it('are broken off where they are taken from the list, and make room for the next', async () => {
    const { open, send } = line();
    const uploads = new Uploads(send, () => undefined);
    uploads.add('', [file('a'), file('b'), file('c')], 0);
    const [first] = uploads.list;
    if (first) uploads.remove(first);
    expect(open[0]?.signal.aborted).toBe(true);
    await vi.waitFor(() => expect(open.map(({ name }) => name)).toEqual(['a', 'b', 'c']));
    expect(uploads.list.map(({ file: { name } }) => name)).toEqual(['b', 'c']);
  });
});
