import './entry.css';
import './steps.css';
import { drawing, h } from './dom';
import type { Answer } from './request';
import type { Stage } from './stage';
import { chooseWords, type Language, names, type Words } from './words';

/** The hexagon of a sealed cell: the sign of the house. */
export function mark(): SVGSVGElement {
  return drawing('mark', 'M12 2.2 20.5 7v10L12 21.8 3.5 17V7Z', 'M12 7.4 16 9.7v4.6L12 16.6 8 14.3V9.7Z');
}

/** Fills the page with one card; the way to another language stands beneath it. */
export function fill(stage: Stage, title: string, ...content: (Node | null)[]): void {
  const { words } = stage;
  const name = stage.house.name || 'Alveary';
  document.documentElement.lang = words.language;
  document.title = `${title} · ${name}`;
  stage.root.replaceChildren(
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'title' },
      h('p', { class: 'brand' }, mark(), h('span', {}, name)),
      h('h1', { id: 'title', tabindex: '-1' }, title),
      ...content,
    ),
    languageChoice(words),
  );
}

/** A card with nothing to fill in: what has happened, and the way on. */
export function tell(stage: Stage, title: string, text: string, label: string, href: string): void {
  fill(stage, title, h('p', { class: 'lead', role: 'status' }, text), h('a', { class: 'go', href }, label));
}

/** Another language to read the page in. */
export function languageChoice(words: Words): HTMLElement {
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
  countDown(words: Words, seconds: number, why: string): void;
  /** Says what an answer of the server means, where nothing better can be said. */
  tell(words: Words, answer: Exclude<Answer, { kind: 'ok' }>): void;
}

/** A place for errors that belong to the whole form. */
export function notice(): Notice {
  const element = h('div', { class: 'notice', role: 'alert' });
  let counting = 0;
  const say = (text: string) => {
    clearInterval(counting);
    element.replaceChildren(...(text ? [h('p', {}, text)] : []));
  };
  const countDown = (words: Words, seconds: number, why: string) => {
    say('');
    const seen = h('p', { 'aria-hidden': 'true' }, wait(words, seconds, why));
    element.append(seen, h('p', { class: 'unseen' }, wait(words, seconds, why)));
    const end = Date.now() + seconds * 1000;
    counting = window.setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0 && element.isConnected) seen.textContent = wait(words, left, why);
      else say('');
    }, 250);
  };
  const tellAnswer: Notice['tell'] = (words, answer) => {
    switch (answer.kind) {
      case 'unreachable':
        say(words.t('entry.unreachable'));
        break;
      case 'limited':
        // Trying again stays possible: the limit may not be for the next name.
        countDown(words, answer.seconds, answer.code);
        break;
      case 'refused':
        if (answer.code === 'captcha') say(words.t('signin.noProof'));
        else say(answer.detail || words.t('entry.failed', { status: answer.status }));
    }
  };
  return { element, say, countDown, tell: tellAnswer };
}

function wait(words: Words, seconds: number, why: string): string {
  const minutes = Math.ceil(seconds / 60);
  if (why === 'busy') return words.t('signin.crowded', { count: seconds });
  if (why === 'locked') return seconds < 120 ? words.t('signin.locked', { count: seconds }) : words.t('signin.lockedLong', { count: minutes });
  return seconds < 120 ? words.t('entry.limited', { count: seconds }) : words.t('entry.limitedLong', { count: minutes });
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

/** A button beside the one of the page. */
export function sideButton(label: string, act: () => void, className = 'side'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: className }, label);
  button.addEventListener('click', act);
  return button;
}

/** A form with a notice above its fields and the one button beneath. */
export interface Form {
  element: HTMLFormElement;
  said: Notice;
  /** Says in passing what is going on, or nothing for an empty text. */
  meanwhile(text: string): void;
  /** Does something with the button at work, once at a time; true from it leaves the button so. */
  once(act: () => Promise<boolean>): void;
}

/** Makes a form; submit answers whether the page is about to be left. */
export function form(label: string, busy: string, fields: (Node | null)[], submit: () => Promise<boolean>): Form {
  const said = notice();
  const button = submitButton(label, busy);
  const going = h('p', { class: 'meanwhile', role: 'status' });
  // The method matters should the script have failed: a password must never
  // end up in an address.
  const element = h('form', { method: 'post', novalidate: true }, said.element, ...fields, button.element, going);
  let atWork = false;
  const once = (act: () => Promise<boolean>) => {
    if (atWork) return;
    atWork = true;
    said.say('');
    button.work(true);
    void act().then((leaving) => {
      atWork = false;
      going.textContent = '';
      if (!leaving) button.work(false);
    });
  };
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    once(submit);
  });
  return { element, said, once, meanwhile: (text) => { going.textContent = text; } };
}
