// What the tests of the cards share: a server that answers as told, and a
// stage to look at.
import { expect, vi } from 'vitest';
import en from '../i18n/en.json';
import own from '../i18n/entry.en.json';
import { type House, unknownHouse } from './house';
import { type Card, type Stage, stageOn } from './stage';
import { speak } from './words';

export const english = { ...en, ...own };

export interface Reply {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The requests that came, as [path, body]. */
export type Sent = [string, unknown][];

/** Answers each path with its replies in turn, the last one for ever; an Error breaks the line. */
export function serve(replies: Record<string, Reply | Error | (Reply | Error)[]>): Sent {
  const sent: Sent = [];
  const queues = new Map(Object.entries(replies).map(([path, reply]) => [path, Array.isArray(reply) ? [...reply] : [reply]]));
  vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
    const path = address.replace('/api/v1', '');
    const queue = queues.get(path) ?? [];
    const reply = queue.length > 1 ? queue.shift() : queue[0];
    sent.push([path, init.body ? JSON.parse(init.body as string) : undefined]);
    if (!reply || reply instanceof Error) return Promise.reject(reply ?? new TypeError(path));
    const { status = 200, body, headers } = reply;
    return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body ?? {}), { status, headers }));
  });
  return sent;
}

/** A page with a card on it. */
export class Page {
  readonly root = document.createElement('main');
  readonly went: string[] = [];
  readonly stage: Stage;

  constructor(card: Card, house: Partial<House> = {}) {
    document.body.replaceChildren(this.root);
    this.stage = stageOn(this.root, speak('en', english), { ...unknownHouse, ...house }, (address) => this.went.push(address));
    this.stage.show(card);
  }

  input(id: string): HTMLInputElement {
    const input = this.root.querySelector<HTMLInputElement>('#' + id);
    if (!input) throw new Error('no field ' + id);
    return input;
  }

  get title(): string | null {
    return this.root.querySelector('h1')?.textContent ?? null;
  }

  get notice(): string | null {
    return this.root.querySelector('[role=alert]')?.textContent ?? null;
  }

  get text(): string {
    return this.root.querySelector('section')?.textContent ?? '';
  }

  error(id: string): string | null {
    return document.getElementById(id + '-error')?.textContent ?? null;
  }

  /** Types and sends the form. */
  submit(values: Record<string, string> = {}): void {
    for (const [id, value] of Object.entries(values)) this.input(id).value = value;
    this.root.querySelector('form')?.requestSubmit();
  }

  has(label: string): boolean {
    return [...this.root.querySelectorAll('button')].some((button) => button.textContent?.startsWith(label));
  }

  press(label: string): void {
    const button = [...this.root.querySelectorAll('button')].find((one) => one.textContent?.startsWith(label));
    if (!button) throw new Error('no button ' + label);
    button.click();
  }

  async until(settled: () => void): Promise<void> {
    await vi.waitFor(settled);
  }

  async untilTitle(title: string): Promise<void> {
    await vi.waitFor(() => expect(this.title).toBe(title));
  }
}

/** A browser with a passkey, or one that breaks off. */
export function passkeys(answer: 'shown' | Error): void {
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const response = { clientDataJSON: bytes, attestationObject: bytes, authenticatorData: bytes, signature: bytes, userHandle: null };
  const credential = { id: 'AQID', rawId: bytes, type: 'public-key', response, getClientExtensionResults: () => ({}) };
  const act = () => (answer === 'shown' ? Promise.resolve(credential) : Promise.reject(answer));
  vi.stubGlobal('PublicKeyCredential', class {});
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', { ...navigator, languages: ['en'], credentials: { get: act, create: act } });
}
