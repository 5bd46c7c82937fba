// The files that a visitor sends, two at a time, each with its own fate. What
// failed stays in the list with the reason, to be tried again.
import { recordOf, textOf } from '../entry/request';

/** How a file came through. */
export type Sent =
  | { kind: 'ok' }
  | { kind: 'lost' }
  | { kind: 'refused'; status: number; code: string; detail: string; seconds: number };

/** Sends a file and tells how many of its bytes are out. */
export type Send = (folder: string, file: File, progress: (sent: number) => void, signal: AbortSignal) => Promise<Sent>;

export interface Upload {
  id: number;
  file: File;
  folder: string;
  state: 'waiting' | 'sending' | 'done' | 'failed' | 'too-large' | 'folder';
  sent: number;
  /** Why it failed. */
  why?: Exclude<Sent, { kind: 'ok' }>;
}

const atOnce = 2;

export class Uploads {
  readonly list: Upload[] = [];
  #made = 0;
  #going = new Map<number, AbortController>();

  /** changed is told of every step of a file, settled when none is on its way any more. */
  constructor(
    private readonly send: Send,
    private readonly changed: (upload: Upload) => void,
    private readonly settled: () => void = () => undefined,
  ) {}

  /** Takes files for a folder; those larger than the most bytes are not sent. */
  add(folder: string, files: Iterable<File>, most: number): void {
    for (const file of files) this.#take(folder, file, most > 0 && file.size > most ? 'too-large' : 'waiting');
    this.#next();
  }

  /** Notes that a folder was dropped, which is not sent. */
  refuseFolder(folder: string, name: string): void {
    this.#take(folder, new File([], name), 'folder');
  }

  retry(upload: Upload): void {
    if (upload.state !== 'failed') return;
    upload.state = 'waiting';
    upload.sent = 0;
    delete upload.why;
    this.changed(upload);
    this.#next();
  }

  /** Takes a file out of the list, and breaks it off where it is on its way. */
  remove(upload: Upload): void {
    const i = this.list.indexOf(upload);
    if (i >= 0) this.list.splice(i, 1);
    this.#going.get(upload.id)?.abort();
    this.changed(upload);
  }

  /** Whether leaving the page would lose something. */
  get busy(): boolean {
    return this.list.some(({ state }) => state === 'waiting' || state === 'sending');
  }

  #take(folder: string, file: File, state: Upload['state']): void {
    const upload: Upload = { id: ++this.#made, file, folder, state, sent: 0 };
    this.list.push(upload);
    this.changed(upload);
  }

  #next(): void {
    while (this.#going.size < atOnce) {
      const upload = this.list.find(({ state }) => state === 'waiting');
      if (!upload) break;
      void this.#run(upload);
    }
  }

  async #run(upload: Upload): Promise<void> {
    const control = new AbortController();
    this.#going.set(upload.id, control);
    upload.state = 'sending';
    this.changed(upload);
    const progress = (sent: number) => {
      upload.sent = sent;
      this.changed(upload);
    };
    const sent = await this.send(upload.folder, upload.file, progress, control.signal);
    this.#going.delete(upload.id);
    if (sent.kind === 'ok') {
      upload.state = 'done';
      upload.sent = upload.file.size;
    } else {
      upload.state = 'failed';
      upload.why = sent;
    }
    this.changed(upload);
    this.#next();
    if (!this.busy) this.settled();
  }
}

/** Sends by PUT. XMLHttpRequest, for fetch does not tell how much is out. */
export function sendTo(address: (folder: string, name: string) => string): Send {
  return (folder, file, progress, signal) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('PUT', address(folder, file.name));
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.upload.addEventListener('progress', (event) => progress(event.loaded));
      request.addEventListener('load', () => resolve(request.status >= 200 && request.status < 300 ? { kind: 'ok' } : refusal(request)));
      for (const event of ['error', 'abort', 'timeout']) request.addEventListener(event, () => resolve({ kind: 'lost' }));
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
}

function refusal(request: XMLHttpRequest): Sent {
  let said: unknown = null;
  try {
    said = JSON.parse(request.responseText);
  } catch {
    // The server did not answer in its own words.
  }
  const { code, detail } = recordOf(said);
  const seconds = Number(request.getResponseHeader('Retry-After') ?? '') || 0;
  return { kind: 'refused', status: request.status, code: textOf(code), detail: textOf(detail), seconds };
}

/** The files of what was dropped, and the names of the folders in it. */
export function filesOf(transfer: DataTransfer): { files: File[]; folders: string[] } {
  const files: File[] = [];
  const folders: string[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = item.getAsFile();
    if (entry?.isDirectory) folders.push(entry.name);
    else if (file) files.push(file);
  }
  return { files, folders };
}
