import './link.css';
import './list.css';
import './look.css';
import './questions.css';
import './sending.css';
import { h } from '../entry/dom';
import { fill, languageChoice, mark } from '../entry/page';
import type { Stage } from '../entry/stage';

/** What stands on the page of a link that was opened. */
export interface Frame {
  title: string;
  /** Above the title: the way back. */
  above?: HTMLElement | null;
  /** Beneath the title, in one line: what is to be known. */
  facts: string[];
  /** Beneath that: what is to be done. */
  actions: (HTMLElement | null)[];
  body: (HTMLElement | null)[];
  /** At the foot. */
  foot: string;
}

/** Shows the page of a link that was opened, which takes the whole width. */
export function frame(stage: Stage, content: Frame): void {
  const { words, root } = stage;
  const name = stage.house.name || 'Alveary';
  const actions = content.actions.filter((one) => one !== null);
  document.documentElement.lang = words.language;
  document.title = `${content.title} · ${name}`;
  root.className = 'wide';
  root.replaceChildren(
    h('header', { class: 'top' }, h('p', { class: 'brand' }, mark(), h('span', {}, name)), languageChoice(words)),
    h(
      'div',
      { class: 'sheet' },
      content.above ?? null,
      h('h1', { id: 'title', tabindex: '-1' }, content.title),
      h('ul', { class: 'facts' }, ...content.facts.filter(Boolean).map((fact) => h('li', {}, fact))),
      actions.length ? h('div', { class: 'actions' }, ...actions) : null,
      ...content.body,
    ),
    h('footer', { class: 'foot' }, content.foot),
  );
}

/** Shows one card in the middle, as the other small pages do. */
export function card(stage: Stage, title: string, ...content: (Node | null)[]): void {
  stage.root.className = '';
  fill(stage, title, ...content);
}
