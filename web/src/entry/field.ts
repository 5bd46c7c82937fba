import { drawing, h } from './dom';

/** One line of the form: label, input, hint and the error that belongs to it. */
export interface Field {
  element: HTMLElement;
  input: HTMLInputElement;
  /** Shows what is wrong, or nothing for an empty text. */
  complain(text: string): void;
}

interface Options {
  id: string;
  label: string;
  hint?: string;
  value?: string;
  /** What a password manager should offer: https://html.spec.whatwg.org/#autofill */
  autocomplete: string;
  optional?: string;
  /** Which keyboard a phone shows. */
  inputMode?: 'text' | 'numeric';
}

/** A field for plain text: a sign-in name or the name of a person. */
export function textField(options: Options): Field {
  const input = h('input', {
    id: options.id,
    name: options.id,
    type: 'text',
    autocomplete: options.autocomplete,
    spellcheck: 'false',
    autocapitalize: options.autocomplete === 'name' ? 'words' : 'none',
    inputmode: options.inputMode ?? null,
    value: options.value ?? null,
  });
  return assemble(options, input, []);
}

interface PasswordWords {
  show: string;
  hide: string;
  caps: string;
}

/** A password field with an eye that shows it and a word about Caps Lock. */
export function passwordField(options: Options, words: PasswordWords): Field {
  const input = h('input', {
    id: options.id,
    name: options.id,
    type: 'password',
    autocomplete: options.autocomplete,
    spellcheck: 'false',
    autocapitalize: 'none',
  });
  const open = drawing('eye', 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z', 'M12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z');
  const struck = drawing('strike', 'M4 4 20 20');
  const eye = h('button', { type: 'button', class: 'peek', 'aria-label': words.show, 'aria-controls': options.id, 'aria-pressed': 'false', title: words.show });
  eye.append(open, struck);
  eye.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    // The name stays, the state changes: a pressed "Show password" is how
    // screen readers say it once instead of twice.
    eye.setAttribute('aria-pressed', String(shown));
    eye.title = shown ? words.hide : words.show;
    input.focus();
  });
  const caps = h('p', { class: 'caps', hidden: true }, words.caps);
  const watch = (event: KeyboardEvent) => {
    caps.hidden = !event.getModifierState('CapsLock');
  };
  input.addEventListener('keydown', watch);
  input.addEventListener('keyup', watch);
  input.addEventListener('blur', () => {
    caps.hidden = true;
  });
  return assemble(options, input, [eye], caps);
}

function assemble(options: Options, input: HTMLInputElement, buttons: HTMLElement[], extra: HTMLElement | null = null): Field {
  const errorId = options.id + '-error';
  const hintId = options.id + '-hint';
  const error = h('p', { class: 'error', id: errorId, hidden: true });
  const describedBy = options.hint ? hintId : null;
  if (describedBy) input.setAttribute('aria-describedby', describedBy);
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: options.id }, options.label, options.optional ? h('span', { class: 'optional' }, ' ' + options.optional) : null),
    h('div', { class: 'box' }, input, ...buttons),
    options.hint ? h('p', { class: 'hint', id: hintId }, options.hint) : null,
    extra,
    error,
  );
  const complain = (text: string) => {
    error.textContent = text;
    error.hidden = text === '';
    const ids = [describedBy, text ? errorId : null].filter(Boolean).join(' ');
    if (ids) input.setAttribute('aria-describedby', ids);
    else input.removeAttribute('aria-describedby');
    if (text) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  };
  input.addEventListener('input', () => complain(''));
  return { element, input, complain };
}
