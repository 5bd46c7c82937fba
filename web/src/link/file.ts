// One file: a look at it, what is to be known of it, and the way to have it.
import { h } from '../entry/dom';
import { type Answer, ask, recordOf, refusalOf, textOf } from '../entry/request';
import type { Card } from '../entry/stage';
import { formatMoment, formatSize } from '../lib/figures';
import { addressOf, at, type Item, mayDownload } from './api';
import { glyph, kindIcon } from './icons';
import type { Visitor } from './visitor';

/** The page of a file. */
export function fileView(visitor: Visitor, item: Item): Card {
  const look = new Look(visitor, item);
  let begun = false;
  return (stage) => {
    const { words } = stage;
    const { visit } = visitor;
    if (!begun) visitor.leaving(() => look.end());
    const used = visit.left === 0;
    const offer = mayDownload(visit, item);
    const within = item.id !== visit.top.id;
    visitor.frame({
      title: item.name,
      above: within ? h('a', { class: 'back', href: '#' + (visitor.folder === visit.top.id ? '' : visitor.folder) }, glyph('up'), words.t('link.back')) : null,
      facts: [
        formatSize(item.size, words.language),
        item.changed ? words.t('link.changed', { date: formatMoment(item.changed, words.language) }) : '',
        ...visitor.facts(),
      ],
      actions: [
        offer && !used ? visitor.download(item, [glyph('download'), words.t('link.download')], { class: 'go', id: 'download' }) : null,
        offer && used ? h('p', { class: 'plain used' }, words.t('link.exhausted', { owner: visit.owner })) : null,
        visit.mode === 'preview' ? h('p', { class: 'plain' }, words.t('link.previewOnly')) : null,
      ],
      body: [visit.mode === 'download' ? h('div', { class: 'bare' }, kindIcon(item)) : look.element()],
    });
    if (!begun) look.begin();
    begun = true;
  };
}

/** What is shown in place of a file, page by page. */
class Look {
  #host = h('div', { class: 'look' });
  #page = 1;
  #pages = 1;
  #turn = 0;
  #url = '';
  #text: { text: string; cut: boolean } | null = null;
  #why = '';
  #loading = false;

  constructor(private readonly visitor: Visitor, private readonly item: Item) {}

  /** The place of the look, drawn again. */
  element(): HTMLElement {
    this.#host = h('div', { class: 'look' });
    this.#draw();
    return this.#host;
  }

  begin(): void {
    if (this.#kind === 'text' || this.#kind === 'picture') void this.#load(1);
  }

  end(): void {
    this.#turn++;
    URL.revokeObjectURL(this.#url);
  }

  get #kind(): 'none' | 'media' | 'text' | 'picture' {
    const { preview } = this.item;
    if (this.visitor.visit.mode === 'download' || preview === '') return 'none';
    if (preview === 'media') return 'media';
    // The watermark is drawn into pictures, so a text comes as one.
    return preview === 'text' && !this.visitor.visit.watermark ? 'text' : 'picture';
  }

  async #load(page: number): Promise<void> {
    const turn = ++this.#turn;
    const picture = this.#kind === 'picture';
    this.#loading = true;
    this.#why = '';
    this.#draw();
    const answer = picture ? await this.#fetch(page) : await ask(at.text(this.visitor.visit, this.item.id));
    if (turn !== this.#turn) return;
    this.#loading = false;
    this.#page = page;
    if (answer.kind !== 'ok') {
      if (this.visitor.over(answer)) return;
      this.#why = this.visitor.why(answer);
    } else if (answer.body instanceof Blob) {
      URL.revokeObjectURL(this.#url);
      this.#url = URL.createObjectURL(answer.body);
    } else {
      const { text, cut } = recordOf(answer.body);
      this.#text = { text: textOf(text), cut: cut === true };
    }
    this.#draw();
  }

  /** A picture as a script asks for it, since an img element does not tell why there is none. */
  async #fetch(page: number): Promise<Answer> {
    try {
      const response = await fetch(addressOf.preview(this.visitor.visit, this.item, page), { credentials: 'same-origin' });
      if (!response.ok) return await refusalOf(response);
      this.#pages = Number(response.headers.get('X-Pages') ?? '') || this.#pages;
      return { kind: 'ok', body: await response.blob() };
    } catch {
      return { kind: 'unreachable' };
    }
  }

  #draw(): void {
    const focused = document.activeElement?.id;
    this.#host.toggleAttribute('aria-busy', this.#loading);
    this.#host.replaceChildren(...this.#parts());
    if (focused) document.getElementById(focused)?.focus();
  }

  #parts(): Node[] {
    const { words } = this.visitor.stage;
    const { item } = this;
    const kind = this.#kind;
    if (kind === 'media') return this.#media();
    if (kind === 'none') return [h('div', { class: 'bare' }, kindIcon(item), h('p', {}, words.t(mayDownload(this.visitor.visit, item) ? 'link.noPreview' : 'link.noPreviewAtAll')))];
    if (this.#why) {
      const again = h('button', { type: 'button', class: 'side', id: 'again' }, words.t('link.retry'));
      again.addEventListener('click', () => void this.#load(this.#page));
      return [h('div', { class: 'bare' }, kindIcon(item), h('p', { role: 'alert' }, this.#why), again), ...this.#pager()];
    }
    if (this.#text) {
      return [
        h('pre', { tabindex: '0', 'aria-label': item.name }, this.#text.text),
        this.#text.cut ? h('p', { class: 'plain' }, words.t('link.cut')) : null,
      ].filter((one) => one !== null);
    }
    if (!this.#url) return [h('p', { class: 'waiting', role: 'status' }, words.t('link.previewing'))];
    const alt = this.#pages > 1 ? words.t('link.pageOf', { name: item.name, page: this.#page, pages: this.#pages }) : words.t('link.pictureOf', { name: item.name });
    return [...this.#pager(), h('img', { src: this.#url, alt, class: item.preview === 'image' ? 'picture' : 'picture page' })];
  }

  #media(): Node[] {
    const { words } = this.visitor.stage;
    const { item } = this;
    const { visit } = this.visitor;
    const tag = item.mime.startsWith('audio/') ? 'audio' : 'video';
    // Nothing is loaded before it is asked for: where downloads are bounded, playing is one.
    const player = h(tag, { controls: true, preload: visit.left === null ? 'metadata' : 'none', src: visit.left === 0 ? null : addressOf.inline(visit, item), 'aria-label': item.name });
    player.addEventListener('error', () => this.visitor.complain(words.t('link.cannotPlay')));
    return [player, visit.left === null ? null : h('p', { class: 'plain' }, words.t('link.playCounts'))].filter((one) => one !== null);
  }

  #pager(): Node[] {
    if (this.#pages < 2) return [];
    const { words } = this.visitor.stage;
    const turn = (id: 'before' | 'after', page: number) => {
      const open = page >= 1 && page <= this.#pages;
      const label = words.t(id === 'before' ? 'link.pageBefore' : 'link.pageAfter');
      const button = h('button', { type: 'button', class: 'tool', id, 'aria-label': label, title: label, 'aria-disabled': open ? null : 'true' }, glyph(id === 'before' ? 'up' : 'on'));
      button.addEventListener('click', () => { if (open && !this.#loading) void this.#load(page); });
      return button;
    };
    const shown = h('span', { role: 'status' }, words.t('link.page', { page: this.#page, pages: this.#pages }));
    return [h('div', { class: 'pager' }, turn('before', this.#page - 1), shown, turn('after', this.#page + 1))];
  }
}
