// A folder: its list, the way back, and for those who may change it what that
// takes.
import { h } from '../entry/dom';
import { type Answer, ask } from '../entry/request';
import type { Card } from '../entry/stage';
import type { Key, Words } from '../entry/words';
import { formatMoment, formatSize, formatWhen } from '../lib/figures';
import { addressOf, at, type Item, mayDownload, type Page, readPage } from './api';
import { question } from './dialog';
import { chooser, limit } from './drop';
import { glyph, kindIcon } from './icons';
import type { Visitor } from './visitor';

export interface Sorting {
  by: 'name' | 'size' | 'mtime';
  down: boolean;
}

const columns: [Sorting['by'], Key][] = [['name', 'link.name'], ['size', 'link.size'], ['mtime', 'link.date']];

/** What a list is asked for with. */
export const listing = (sorting: Sorting, cursor = ''): Record<string, string> => ({
  sort: sorting.by,
  order: sorting.down ? 'desc' : 'asc',
  ...(cursor ? { cursor } : {}),
});

/** Another column, or the same one the other way round. */
export const sortBy = (now: Sorting, by: Sorting['by']): Sorting => ({ by, down: now.by === by ? !now.down : false });

/** The folders above one, from what the link is on; the folder itself is not among them. */
export function wayTo(page: Page, top: Item, folder: Item): { id: string; name: string }[] {
  if (folder.id === top.id) return [];
  const way = page.way.filter(({ id }) => id !== folder.id);
  return way.some(({ id }) => id === top.id) ? way : [{ id: top.id, name: top.name }, ...way];
}

/** The page of a folder. */
export function folderView(visitor: Visitor, folder: Item, page: Page): Card {
  return (stage) => {
    const { words } = stage;
    const { visit } = visitor;
    const edit = visit.mode === 'edit';
    const upload = edit && folder.may.has('upload');
    const send = (files: Iterable<File>, folders: string[] = []) => {
      for (const name of folders) visitor.uploads.refuseFolder(folder.id, name);
      visitor.uploads.add(folder.id, files, visit.most);
    };
    visitor.take = upload ? send : null;
    const whole = mayDownload(visit, folder) && visit.left !== 0 && page.total > 0;
    const way = wayTo(page, visit.top, folder);
    visitor.frame({
      title: folder.name,
      above: way.length ? crumbs(words, way, visit.top.id) : null,
      facts: [words.t('link.count', { count: page.total }), ...visitor.facts()],
      actions: [
        whole ? visitor.download(folder, [glyph('download'), words.t('link.downloadAll')], { class: 'go', id: 'download' }) : null,
        upload ? chooser(words, send, 'side') : null,
        edit && folder.may.has('createFolder') ? tool('new-folder', [glyph('folder'), words.t('link.newFolder')], 'side', () => makeFolder(visitor, folder)) : null,
        visit.left === 0 && visit.mode !== 'preview' ? h('p', { class: 'plain used' }, words.t('link.exhausted', { owner: visit.owner })) : null,
        visit.mode === 'preview' ? h('p', { class: 'plain' }, words.t('link.previewOnly')) : null,
      ],
      body: [
        upload ? limit(words, visit.most) : null,
        visitor.uploadList.element(words),
        page.total === 0 ? h('p', { class: 'bare' }, words.t(upload ? 'link.emptyUpload' : 'link.empty')) : table(visitor, folder, page),
        page.next ? more(visitor, folder, page) : null,
      ],
    });
  };
}

function crumbs(words: Words, way: { id: string; name: string }[], top: string): HTMLElement {
  const steps = way.map(({ id, name }) => h('li', {}, h('a', { href: '#' + (id === top ? '' : id), id: 'c-' + id }, name)));
  return h('nav', { class: 'way', 'aria-label': words.t('link.way') }, h('ol', {}, ...steps));
}

function tool(id: string, content: (string | SVGSVGElement)[], className: string, act: () => void, label?: string): HTMLButtonElement {
  const button = h('button', { type: 'button', id, class: className, 'aria-label': label ?? null, title: label ?? null }, ...content);
  button.addEventListener('click', act);
  return button;
}

function table(visitor: Visitor, folder: Item, page: Page): HTMLElement {
  const { words } = visitor.stage;
  const { sorting } = visitor;
  const sort = (next: Sorting) => {
    visitor.sorting = next;
    void visitor.route(true);
  };
  const heads = columns.map(([by, label]) => {
    const active = sorting.by === by;
    const mark = active ? h('span', { class: 'turn', 'aria-hidden': 'true' }, sorting.down ? '↓' : '↑') : null;
    const button = h('button', { type: 'button', class: 'sort', id: 'sort-' + by }, words.t(label), mark);
    button.addEventListener('click', () => sort(sortBy(sorting, by)));
    return h('th', { scope: 'col', class: by, 'aria-sort': active ? (sorting.down ? 'descending' : 'ascending') : null }, button);
  });
  // Where there is no room for columns, this stands in for their heads.
  const select = h('select', { id: 'sort', autocomplete: 'off' });
  for (const [by, label] of columns) select.append(h('option', { value: by, selected: by === sorting.by }, words.t(label)));
  select.addEventListener('change', () => sort({ by: select.value as Sorting['by'], down: select.value === 'mtime' }));
  const rows = h('tbody', {}, ...page.items.map((item) => row(visitor, item)));
  rows.addEventListener('keydown', (event) => step(rows, event));
  return h(
    'div',
    { class: 'list' },
    h('div', { class: 'narrow' }, h('label', { for: 'sort' }, words.t('link.sort')), select),
    h('table', { 'aria-label': words.t('link.list', { name: folder.name }) }, h('thead', {}, h('tr', {}, h('td', { class: 'sign' }), ...heads, h('td', { class: 'tools' }))), rows),
  );
}

/** Up and down go from row to row. */
function step(rows: HTMLElement, event: KeyboardEvent): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const names = [...rows.querySelectorAll<HTMLElement>('.title')];
  const now = names.findIndex((name) => name.closest('tr')?.contains(document.activeElement));
  const next = names[now + by];
  if (now < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

function row(visitor: Visitor, item: Item): HTMLElement {
  const { words } = visitor.stage;
  const { visit } = visitor;
  const size = item.folder ? '' : formatSize(item.size, words.language);
  const date = item.changed ? formatWhen(item.changed, words.language, new Date()) : '';
  const offer = mayDownload(visit, item) && visit.left !== 0;
  const sign = item.thumbnail
    ? h('img', { src: addressOf.thumbnail(visit, item), alt: '', width: '40', height: '40', loading: 'lazy', class: 'thumb' })
    : kindIcon(item);
  // Where there is nothing to look at, the name downloads.
  const title = { class: 'title', id: 'n-' + item.id };
  const name = item.folder || visit.mode !== 'download' ? h('a', { ...title, href: '#' + item.id }, item.name) : offer ? visitor.download(item, [item.name], title) : h('span', {}, item.name);
  const label = words.t('link.downloadNamed', { name: item.name });
  const edit = visit.mode === 'edit';
  return h(
    'tr',
    {},
    h('td', { class: 'sign' }, sign),
    h('th', { scope: 'row', class: 'name' }, name, h('span', { class: 'sub' }, [size, date].filter(Boolean).join(' · '))),
    h('td', { class: 'size' }, size),
    h('td', { class: 'mtime' }, item.changed ? h('time', { datetime: item.changed, title: formatMoment(item.changed, words.language) }, date) : null),
    h(
      'td',
      { class: 'tools' },
      offer ? visitor.download(item, [glyph('download')], { class: 'tool', id: 'd-' + item.id, 'aria-label': label, title: label }) : null,
      edit && item.may.has('rename') ? tool('r-' + item.id, [glyph('rename')], 'tool', () => rename(visitor, item), words.t('link.renameNamed', { name: item.name })) : null,
      edit && item.may.has('bin') ? tool('b-' + item.id, [glyph('bin')], 'tool', () => bin(visitor, item), words.t('link.binNamed', { name: item.name })) : null,
    ),
  );
}

function more(visitor: Visitor, folder: Item, page: Page): HTMLElement {
  const { words } = visitor.stage;
  const button: HTMLButtonElement = tool('more', [words.t('link.more', { count: page.total - page.items.length })], 'side', () => {
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    void ask(at.children(visitor.visit, folder.id, listing(visitor.sorting, page.next))).then((answer) => {
      button.removeAttribute('aria-disabled');
      if (answer.kind !== 'ok') return visitor.tell(answer);
      const next = readPage(answer.body);
      const first = next.items[0];
      page.items.push(...next.items);
      page.next = next.next;
      visitor.stage.again();
      if (first) document.getElementById('n-' + first.id)?.focus();
    });
  });
  return h('div', { class: 'more' }, button);
}

/** Does something to the list and shows it again; the reason where it was refused. */
async function change(visitor: Visitor, asking: Promise<Answer>): Promise<string> {
  const answer = await asking;
  if (answer.kind !== 'ok') return answer.kind === 'refused' && answer.status === 401 ? visitor.stage.words.t('link.over') : visitor.why(answer);
  await visitor.route(true);
  return '';
}

function makeFolder(visitor: Visitor, folder: Item): void {
  const { words } = visitor.stage;
  question(words, { title: words.t('link.newFolder'), go: words.t('link.make'), name: { label: words.t('link.name'), value: '' } }, (name) =>
    change(visitor, ask(at.folders(visitor.visit, folder.id), { name })));
}

function rename(visitor: Visitor, item: Item): void {
  const { words } = visitor.stage;
  const dot = item.folder ? -1 : item.name.lastIndexOf('.');
  const name = { label: words.t('link.name'), value: item.name, marked: dot > 0 ? dot : item.name.length };
  question(words, { title: words.t('link.renameNamed', { name: item.name }), go: words.t('link.rename'), name }, (typed) =>
    change(visitor, ask(at.node(visitor.visit, item.id), { name: typed }, 'PATCH')));
}

function bin(visitor: Visitor, item: Item): void {
  const { words } = visitor.stage;
  const asked = { title: words.t('link.binQuestion', { name: item.name }), text: words.t('link.binText', { owner: visitor.visit.owner }), go: words.t('link.bin') };
  question(words, asked, () => change(visitor, ask(at.node(visitor.visit, item.id), undefined, 'DELETE')));
}
