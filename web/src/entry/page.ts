import './entry.css';
import { drawing, h } from './dom';
import { chooseWords, type Language, names, type Words } from './words';

/** The hexagon of a sealed cell: the sign of the house. */
export function mark(): SVGSVGElement {
  return drawing('mark', 'M12 2.2 20.5 7v10L12 21.8 3.5 17V7Z', 'M12 7.4 16 9.7v4.6L12 16.6 8 14.3V9.7Z');
}

/** Fills the page with one card; the way to another language stands beneath it. */
export function show(root: HTMLElement, words: Words, title: string, ...content: (Node | null)[]): void {
  document.documentElement.lang = words.language;
  document.title = `${title} · Alveary`;
  root.replaceChildren(
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'title' },
      h('p', { class: 'brand' }, mark(), 'Alveary'),
      h('h1', { id: 'title' }, title),
      ...content,
    ),
    languageChoice(words),
  );
}

function languageChoice(words: Words): HTMLElement {
  const select = h('select', { id: 'language', autocomplete: 'off' });
  for (const [code, name] of Object.entries(names)) {
    select.append(h('option', { value: code, lang: code, selected: code === words.language }, name));
  }
  select.addEventListener('change', () => chooseWords(select.value as Language));
  return h('div', { class: 'language' }, h('label', { for: 'language', class: 'unseen' }, words.t('entry.language')), select);
}

/** Where the page says what happened; it is there from the start so that screen readers watch it. */
export interface Notice {
  element: HTMLElement;
  say(text: string): void;
  /** Says once how long to wait and shows it going down. */
  countDown(words: Words, seconds: number): void;
}

/** A place for errors that belong to the whole form. */
export function notice(): Notice {
  const element = h('div', { class: 'notice', role: 'alert' });
  let counting = 0;
  const say = (text: string) => {
    clearInterval(counting);
    element.replaceChildren(...(text ? [h('p', {}, text)] : []));
  };
  const countDown = (words: Words, seconds: number) => {
    say('');
    const seen = h('p', { 'aria-hidden': 'true' }, wait(words, seconds));
    element.append(seen, h('p', { class: 'unseen' }, wait(words, seconds)));
    const end = Date.now() + seconds * 1000;
    counting = window.setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) seen.textContent = wait(words, left);
      else say('');
    }, 250);
  };
  return { element, say, countDown };
}

function wait(words: Words, seconds: number): string {
  return seconds < 120 ? words.t('entry.limited', { count: seconds }) : words.t('entry.limitedLong', { count: Math.ceil(seconds / 60) });
}

/** The one button of the page; while it works it keeps its place and says so. */
export function submitButton(label: string, busy: string): { element: HTMLButtonElement; work(on: boolean): void } {
  const element = h('button', { type: 'submit', class: 'go' }, label);
  const work = (on: boolean) => {
    element.textContent = on ? busy : label;
    // Not the disabled attribute: it would throw the focus away.
    element.setAttribute('aria-disabled', String(on));
  };
  return { element, work };
}
