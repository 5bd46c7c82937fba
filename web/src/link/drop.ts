// A drop box: files go in, and nothing is seen but what oneself just sent.
import { h } from '../entry/dom';
import type { Card } from '../entry/stage';
import type { Words } from '../entry/words';
import { formatSize } from '../lib/figures';
import { glyph } from './icons';
import type { Visitor } from './visitor';

/** A button that lets files be chosen, as many as one likes. */
export function chooser(words: Words, choose: (files: File[]) => void, className: string): HTMLElement {
  const input = h('input', { type: 'file', id: 'files', class: 'unseen', multiple: true });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    input.value = ''; // the same file may be chosen again
    if (files.length) choose(files);
  });
  return h('span', { class: 'chooser' }, input, h('label', { for: 'files', class: className }, glyph('upload'), words.t('link.choose')));
}

/** Says how large a file may be, where that is bounded. */
export const limit = (words: Words, most: number): HTMLElement | null =>
  most > 0 ? h('p', { class: 'plain' }, words.t('link.most', { size: formatSize(most, words.language) })) : null;

/** The page of a drop box. */
export function dropBox(visitor: Visitor): Card {
  return (stage) => {
    const { words } = stage;
    const { visit } = visitor;
    const send = (files: Iterable<File>, folders: string[] = []) => {
      for (const name of folders) visitor.uploads.refuseFolder('', name);
      visitor.uploads.add('', files, visit.most);
    };
    visitor.take = send;
    visitor.frame({
      title: visit.label || words.t('link.dropTitle', { owner: visit.owner }),
      facts: [visit.label ? words.t('link.dropFor', { owner: visit.owner }) : '', visit.until ? (visitor.facts()[1] ?? '') : ''],
      actions: [],
      body: [
        h('div', { class: 'zone' }, h('p', { class: 'here' }, words.t('link.dropHere')), chooser(words, send, 'go'), limit(words, visit.most), h('p', { class: 'plain' }, words.t('link.dropBlind'))),
        visitor.uploadList.element(words),
      ],
    });
  };
}
