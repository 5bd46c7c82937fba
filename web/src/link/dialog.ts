// Small windows over the page: one thing to type or to confirm.
import { h } from '../entry/dom';
import { textField } from '../entry/field';
import { notice } from '../entry/page';
import type { Words } from '../entry/words';

interface Question {
  title: string;
  text?: string;
  /** The button that does it. */
  go: string;
  /** What can be typed, and how much of it is marked at first. */
  name?: { label: string; value: string; marked?: number };
}

/**
 * Asks, and does it with what was typed; what act answers stands in the window
 * as the reason why it stays open.
 */
export function question(words: Words, asked: Question, act: (name: string) => Promise<string>): void {
  const said = notice();
  const field = asked.name ? textField({ id: 'name', label: asked.name.label, autocomplete: 'off', value: asked.name.value }) : null;
  const cancel = h('button', { type: 'button', class: 'side' }, words.t('link.cancel'));
  const go = h('button', { type: 'submit', class: 'go' }, asked.go);
  const form = h('form', { method: 'post', novalidate: true }, said.element, field?.element ?? null, h('div', { class: 'pair' }, cancel, go));
  const box = h('dialog', { class: 'ask', 'aria-labelledby': 'ask-title' }, h('h2', { id: 'ask-title' }, asked.title), asked.text ? h('p', { class: 'plain' }, asked.text) : null, form);
  let atWork = false;
  cancel.addEventListener('click', () => box.close());
  // The page may have been drawn anew meanwhile, with another element of that id.
  const opener = document.activeElement?.id ?? '';
  box.addEventListener('close', () => {
    box.remove();
    (document.getElementById(opener) ?? document.getElementById('title'))?.focus();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = field?.input.value.trim() ?? '';
    if (atWork) return;
    if (field && !name) {
      field.complain(words.t('link.nameEmpty'));
      field.input.focus();
      return;
    }
    atWork = true;
    said.say('');
    go.setAttribute('aria-disabled', 'true');
    void act(name).then((why) => {
      atWork = false;
      go.removeAttribute('aria-disabled');
      if (!why) box.close();
      else {
        said.say(why);
        field?.input.focus();
      }
    });
  });
  document.body.append(box);
  box.showModal();
  if (field) {
    field.input.focus();
    field.input.setSelectionRange(0, asked.name?.marked ?? field.input.value.length);
  } else cancel.focus();
}
