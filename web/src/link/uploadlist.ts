// The list of what was sent, as it stands on the page.
import { h } from '../entry/dom';
import type { Words } from '../entry/words';
import { formatSize } from '../lib/figures';
import { glyph } from './icons';
import type { Upload, Uploads } from './uploads';

export class UploadList {
  #words: Words | null = null;
  #list = h('ul', { class: 'sent' });
  #status = h('p', { role: 'status', class: 'plain' });
  #rows = new Map<number, HTMLElement>();

  constructor(private readonly uploads: Uploads) {}

  /** The list, drawn again in the language. */
  element(words: Words): HTMLElement {
    this.#words = words;
    this.#rows.clear();
    this.#list = h('ul', { class: 'sent', 'aria-label': words.t('link.sentList') });
    this.#status = h('p', { role: 'status', class: 'plain' });
    for (const upload of this.uploads.list) this.changed(upload);
    this.#sum();
    return h('div', { class: 'uploads' }, this.#status, this.#list);
  }

  /** Draws what became of a file. */
  changed(upload: Upload): void {
    const words = this.#words;
    if (!words) return;
    let row = this.#rows.get(upload.id);
    if (!this.uploads.list.includes(upload)) {
      row?.remove();
      this.#rows.delete(upload.id);
      this.#sum();
      return;
    }
    if (!row) {
      row = h('li', {});
      this.#rows.set(upload.id, row);
      this.#list.append(row);
    }
    // Progress comes often: only what it moves is touched.
    if (upload.state === 'sending' && row.dataset.state === 'sending') {
      const bar = row.querySelector('progress');
      if (bar) bar.value = upload.sent;
      return;
    }
    row.dataset.state = upload.state;
    row.replaceChildren(...this.#parts(words, upload));
    this.#sum();
  }

  #sum(): void {
    const { list } = this.uploads;
    const done = list.filter(({ state }) => state === 'done').length;
    this.#list.hidden = list.length === 0;
    const words = this.#words;
    // Said while nothing more is going on, else a screen reader would speak without end.
    if (words && !this.uploads.busy) this.#status.textContent = list.length ? words.t('link.sentCount', { done, count: list.length }) : '';
  }

  #parts(words: Words, upload: Upload): Node[] {
    const { file, state } = upload;
    const act = (label: string, icon: 'again' | 'close', go: () => void) => {
      const button = h('button', { type: 'button', class: 'tool', id: `${icon}-${upload.id}`, 'aria-label': label, title: label }, glyph(icon));
      button.addEventListener('click', go);
      return button;
    };
    const close = words.t(state === 'sending' || state === 'waiting' ? 'link.cancelNamed' : 'link.dismissNamed', { name: file.name });
    return [
      h(
        'div',
        { class: 'what' },
        h('span', { class: 'name' }, file.name),
        h('span', { class: state === 'failed' || state === 'too-large' || state === 'folder' ? 'sub error' : 'sub' }, this.#state(words, upload)),
        state === 'sending' ? h('progress', { max: String(file.size || 1), value: String(upload.sent), 'aria-label': file.name }) : null,
      ),
      state === 'failed' ? act(words.t('link.retryNamed', { name: file.name }), 'again', () => this.uploads.retry(upload)) : null,
      act(close, 'close', () => this.uploads.remove(upload)),
    ].filter((one) => one !== null);
  }

  #state(words: Words, upload: Upload): string {
    const size = formatSize(upload.file.size, words.language);
    switch (upload.state) {
      case 'waiting': return words.t('link.sendWaits');
      case 'sending': return words.t('link.sending', { size });
      case 'done': return words.t('link.sent', { size });
      case 'too-large': return words.t('link.sendTooLarge', { size });
      case 'folder': return words.t('link.sendFolder');
      case 'failed': return whyNot(words, upload.why);
    }
  }
}

/** Why a file did not come through, and what to do. */
export function whyNot(words: Words, why: Upload['why']): string {
  if (!why || why.kind === 'lost') return words.t('link.sendLost');
  switch (why.status) {
    case 401: return words.t('link.over');
    case 404: return words.t('link.sendGone');
    case 413: return words.t('link.sendTooLargeHere');
    case 429: return words.t('link.wait', { count: why.seconds || 30 });
    case 507: return words.t('link.sendFull');
  }
  const said = why.detail;
  return said ? said.charAt(0).toLocaleUpperCase() + said.slice(1) : words.t('link.failed', { status: why.status });
}
