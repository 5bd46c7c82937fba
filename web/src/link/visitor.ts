// A visitor at a link that was opened: what he looks at follows what stands
// behind the # of the address, so that back, forward and reload work.
import { h } from '../entry/dom';
import { type Notice, notice } from '../entry/page';
import { type Answer, ask } from '../entry/request';
import type { Card, Stage } from '../entry/stage';
import { formatMoment } from '../lib/figures';
import { addressOf, at, type Item, mayDownload, readItem, readPage, readVisit, type Visit } from './api';
import { dropBox } from './drop';
import { fileView } from './file';
import { folderView, listing, type Sorting } from './folder';
import { type Frame, frame } from './frame';
import { exhausted } from './opening';
import { UploadList } from './uploadlist';
import { filesOf, sendTo, Uploads } from './uploads';

type Refusal = Exclude<Answer, { kind: 'ok' }>;

/** How long after the beginning of a download the count of those left is read again. */
const counted = 1500;

export class Visitor {
  readonly uploads: Uploads;
  readonly uploadList: UploadList;
  sorting: Sorting = { by: 'name', down: false };
  /** Takes files that are dropped on the page, where it does. */
  take: ((files: File[], folders: string[]) => void) | null = null;
  /** The folder that was looked at last. */
  folder = '';
  #said: Notice = notice();
  #turn = 0;
  #leave: () => void = () => undefined;

  /** Reopen begins anew, where the visit is over. */
  constructor(readonly stage: Stage, public visit: Visit, readonly reopen: () => void) {
    this.folder = visit.top.id;
    this.uploads = new Uploads(
      sendTo((folder, name) => addressOf.upload(this.visit, folder, name)),
      (upload) => this.uploadList.changed(upload),
      () => void this.#sent(),
    );
    this.uploadList = new UploadList(this.uploads);
  }

  /** Watches the address and what is dropped; the answer ends that. */
  attend(): () => void {
    const end = new AbortController();
    const { signal } = end;
    const dragging = (on: boolean) => document.documentElement.toggleAttribute('data-dragging', on && this.take !== null);
    window.addEventListener('hashchange', () => void this.route(), { signal });
    window.addEventListener('dragover', (event) => { event.preventDefault(); dragging(true); }, { signal });
    window.addEventListener('dragleave', (event) => { if (!event.relatedTarget) dragging(false); }, { signal });
    window.addEventListener('drop', (event) => {
      event.preventDefault(); // else the browser would open the file in place of the page
      dragging(false);
      if (!event.dataTransfer || !this.take) return;
      const { files, folders } = filesOf(event.dataTransfer);
      this.take(files, folders);
    }, { signal });
    window.addEventListener('beforeunload', (event) => { if (this.uploads.busy) event.preventDefault(); }, { signal });
    return () => end.abort();
  }

  /** Shows what the address names; quietly leaves the reader where he is. */
  async route(quiet = false): Promise<void> {
    const { visit } = this;
    const turn = ++this.#turn;
    if (visit.mode === 'drop') return this.#show(dropBox(this));
    if (!visit.top.folder) return this.#show(visit.mode === 'download' && visit.left === 0 ? exhausted(visit.owner) : fileView(this, visit.top));
    const wanted = /^#(\d{1,20})$/.exec(location.hash)?.[1] ?? visit.top.id;
    this.stage.root.setAttribute('aria-busy', 'true');
    const known = wanted === visit.top.id ? visit.top : await this.#item(wanted);
    const page = known && 'id' in known && known.folder ? await ask(at.children(visit, known.id, listing(this.sorting))) : null;
    if (turn !== this.#turn) return;
    this.stage.root.removeAttribute('aria-busy');
    if (!('id' in known)) return this.#lost(known);
    if (!page) return this.#show(fileView(this, known));
    if (page.kind !== 'ok') return this.#lost(page);
    this.folder = known.id;
    this.#show(folderView(this, known, readPage(page.body)), quiet);
  }

  async #item(id: string): Promise<Item | Refusal> {
    const answer = await ask(at.node(this.visit, id));
    return answer.kind === 'ok' ? readItem(answer.body) : answer;
  }

  #show(card: Card, quiet = false): void {
    const first = this.stage.root.className !== 'wide';
    this.#leave();
    this.#leave = () => undefined;
    this.take = null;
    this.#said = notice();
    const focused = document.activeElement?.id;
    this.stage.show(card);
    if (quiet) {
      if (focused) document.getElementById(focused)?.focus();
      return;
    }
    if (!first) document.getElementById('title')?.focus();
    scrollTo(0, 0);
  }

  /** Says why there is nothing to be shown, with the way back to the beginning. */
  #lost(answer: Refusal): void {
    if (this.over(answer)) return;
    const back = h('a', { class: 'side', href: '#' }, '');
    this.#show((stage) => {
      const { words } = stage;
      back.textContent = words.t('link.toStart');
      const missing = answer.kind === 'refused' && answer.status === 404;
      this.frame({ title: words.t(missing ? 'link.missingTitle' : 'link.troubleTitle'), facts: [], actions: [back], body: [] });
      this.complain(missing ? words.t('link.missing') : this.why(answer));
    });
  }

  /** Draws the page around what is shown. */
  frame(content: Omit<Frame, 'foot'>): void {
    const { words } = this.stage;
    const { visit } = this;
    const foot = visit.guest ? words.t('link.guest', { name: visit.guest }) : words.t('link.foot');
    frame(this.stage, { ...content, body: [this.#said.element, ...content.body], foot });
  }

  /** What is to be known of the link itself. */
  facts(): string[] {
    const { visit } = this;
    const { words } = this.stage;
    const named = visit.label !== '' && visit.label !== visit.top.name;
    return [
      named ? `“${visit.label}”` : '',
      words.t('link.sharedBy', { owner: visit.owner }),
      visit.until ? words.t('link.until', { date: formatMoment(visit.until, words.language) }) : '',
      visit.left !== null && visit.mode !== 'preview' ? words.t('link.left', { count: visit.left }) : '',
    ];
  }

  /** Has something done when the page shows something else. */
  leaving(act: () => void): void {
    this.#leave = act;
  }

  complain(text: string): void {
    this.#said.say(text);
  }

  /** Begins anew where an answer says that the visit is over; false where it says something else. */
  over(answer: Refusal): boolean {
    if (answer.kind !== 'refused' || answer.status !== 401) return false;
    this.reopen();
    return true;
  }

  /** What an answer means, as a sentence. */
  why(answer: Refusal): string {
    const { words } = this.stage;
    if (answer.kind === 'unreachable') return words.t('link.unreachable');
    if (answer.kind === 'limited') return words.t('link.wait', { count: answer.seconds });
    if (answer.status === 409 && answer.code === 'name-exists') return words.t('link.taken');
    return answer.detail || words.t('link.failed', { status: answer.status });
  }

  /** Says what went wrong, or begins anew where the visit is over. */
  tell(answer: Refusal): void {
    if (!this.over(answer)) this.complain(this.why(answer));
  }

  /** A link that downloads a file or, as an archive, a folder, after asking whether that can still be had. */
  download(item: Item, content: (string | SVGSVGElement)[], attributes: Record<string, string>): HTMLAnchorElement {
    const href = item.folder ? addressOf.archive(this.visit, item.id) : addressOf.content(this.visit, item);
    const link = h('a', { ...attributes, href, download: '', draggable: 'false' }, ...content);
    let asked = false;
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || asked) return;
      event.preventDefault();
      void this.#mayBegin(item).then((may) => {
        if (!may) return;
        asked = true;
        link.click();
        asked = false;
        if (this.visit.left !== null) setTimeout(() => void this.#refresh(), counted);
      });
    });
    return link;
  }

  async #mayBegin(item: Item): Promise<boolean> {
    this.complain('');
    if (!(await this.#refresh())) return false;
    const now = await this.#item(item.id);
    const { words } = this.stage;
    if (!('id' in now)) {
      if (now.kind === 'refused' && now.status === 404) this.complain(words.t('link.missing'));
      else this.tell(now);
    } else if (this.visit.left === 0) this.complain(words.t('link.exhausted', { owner: this.visit.owner }));
    else if (!mayDownload(this.visit, now)) this.complain(words.t('link.noDownload', { owner: this.visit.owner }));
    else return true;
    return false;
  }

  /** Reads the link again; what is shown follows. */
  async #refresh(): Promise<boolean> {
    const answer = await ask(at.visit(this.visit));
    if (answer.kind !== 'ok') {
      if (answer.kind === 'refused' && (answer.status === 404 || answer.status === 403)) this.reopen();
      else this.tell(answer);
      return false;
    }
    const before = this.visit;
    this.visit = readVisit(answer.body);
    if (this.visit.left !== before.left) this.stage.again();
    return true;
  }

  async #sent(): Promise<void> {
    if (this.visit.mode !== 'drop') await this.route(true);
  }
}
