// The page on which a person signs in.
import { h } from './dom';
import { passwordField, textField } from './field';
import { nextAddress } from './next';
import { notice, show, submitButton } from './page';
import { ask, isRecord } from './request';
import { loadWords, type Words } from './words';

/** Draws the form into root; go is called with the address to open once signed in. */
export function signIn(root: HTMLElement, words: Words, go: (address: string) => void, typed = ''): void {
  const login = textField({ id: 'login', label: words.t('entry.login'), autocomplete: 'username', value: typed });
  const password = passwordField(
    { id: 'password', label: words.t('entry.password'), autocomplete: 'current-password' },
    { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') },
  );
  const said = notice();
  const button = submitButton(words.t('signin.go'), words.t('signin.busy'));
  // The method matters should the script have failed: a password must never
  // end up in an address.
  const form = h('form', { method: 'post', novalidate: true }, said.element, login.element, password.element, button.element);
  let busy = false;

  async function submit(): Promise<void> {
    login.complain(login.input.value.trim() ? '' : words.t('entry.loginEmpty'));
    password.complain(password.input.value ? '' : words.t('entry.passwordEmpty'));
    const wrong = [login, password].find((field) => field.input.hasAttribute('aria-invalid'));
    if (wrong) {
      wrong.input.focus();
      return;
    }
    said.say('');
    button.work(true);
    const answer = await ask('/session', { login: login.input.value.trim(), password: password.input.value });
    switch (answer.kind) {
      case 'ok':
        // The button stays at work until the next page is there.
        go(nextAddress(location.search, location.origin));
        return;
      case 'unreachable':
        said.say(words.t('entry.unreachable'));
        break;
      case 'limited':
        // Trying again stays possible: the limit may not be for the next name.
        said.countDown(words, answer.seconds);
        break;
      case 'refused':
        if (answer.status === 401) {
          said.say(words.t('signin.wrong'));
          password.input.focus();
          password.input.select();
        } else {
          said.say(answer.detail || words.t('entry.failed', { status: answer.status }));
        }
    }
    button.work(false);
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    void submit().finally(() => {
      busy = false;
    });
  });

  const waiting = h('p', { class: 'aside', hidden: true }, words.t('signin.notSetUp'));
  show(root, words, words.t('signin.title'), waiting, form);
  (typed ? password : login).input.focus();
  void ask('/server').then((answer) => {
    if (answer.kind === 'ok' && isRecord(answer.body) && answer.body.setupNeeded === true) waiting.hidden = false;
  });
}

const root = document.getElementById('signin');
if (root) {
  const draw = async () => {
    const typed = root.querySelector<HTMLInputElement>('#login')?.value;
    signIn(root, await loadWords(), (address) => location.replace(address), typed);
  };
  window.addEventListener('languagechosen', () => void draw());
  void draw();
}
