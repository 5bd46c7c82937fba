// The page behind the link that a new server prints: it makes the first
// administrator, once.
import { h } from './dom';
import { type Field, passwordField, textField } from './field';
import { notice, show, submitButton } from './page';
import { type Answer, ask, isRecord } from './request';
import { loadWords, type Words } from './words';

/** The shortest password that is worth sending; the server decides. */
const shortest = 12;

interface Doing {
  token: string;
  go(address: string): void;
}

/** Draws the form that makes the administrator. */
export function setUp(root: HTMLElement, words: Words, doing: Doing, typed: Record<string, string> = {}): void {
  const eye = { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') };
  const fields = {
    login: textField({ id: 'login', label: words.t('entry.login'), hint: words.t('setup.loginHint'), autocomplete: 'username', value: typed.login ?? 'admin' }),
    name: textField({ id: 'name', label: words.t('setup.name'), optional: words.t('setup.optional'), autocomplete: 'name', value: typed.name ?? '' }),
    password: passwordField({ id: 'password', label: words.t('entry.password'), hint: words.t('setup.rule', { count: shortest }), autocomplete: 'new-password' }, eye),
    again: passwordField({ id: 'again', label: words.t('setup.again'), autocomplete: 'new-password' }, eye),
  };
  const said = notice();
  const button = submitButton(words.t('setup.go'), words.t('setup.busy'));
  const form = h('form', { method: 'post', novalidate: true }, said.element, ...Object.values(fields).map((field) => field.element), button.element);
  let busy = false;

  function check(): Field | undefined {
    const { login, password, again } = fields;
    login.complain(login.input.value.trim() ? '' : words.t('entry.loginEmpty'));
    password.complain([...password.input.value].length < shortest ? words.t('setup.tooShort', { count: shortest }) : '');
    again.complain(again.input.value === password.input.value ? '' : words.t('setup.differ'));
    return Object.values(fields).find((field) => field.input.hasAttribute('aria-invalid'));
  }

  /** Puts what the server says about a field beside that field. */
  function place(answer: Extract<Answer, { kind: 'refused' }>): void {
    let first: Field | undefined;
    for (const { location, message } of answer.fields) {
      const field = (fields as Record<string, Field>)[location.split('.').pop() ?? ''];
      field?.complain(message);
      first ??= field;
    }
    if (first) first.input.focus();
    else said.say(answer.detail || words.t('entry.failed', { status: answer.status }));
  }

  async function submit(): Promise<void> {
    const wrong = check();
    if (wrong) {
      wrong.input.focus();
      return;
    }
    said.say('');
    button.work(true);
    const { login, name, password } = fields;
    const body: Record<string, string> = { token: doing.token, login: login.input.value.trim(), password: password.input.value };
    if (name.input.value.trim()) body.name = name.input.value.trim();
    const answer = await ask('/setup', body);
    switch (answer.kind) {
      case 'ok':
        doing.go('/');
        return;
      case 'unreachable':
        said.say(words.t('entry.unreachable'));
        break;
      case 'limited':
        // Trying again stays possible: the limit may not be for the next name.
        said.countDown(words, answer.seconds);
        break;
      case 'refused':
        if (answer.code === 'setup-done' || answer.status === 410) {
          done(root, words);
          return;
        }
        if (answer.code === 'wrong-credentials' || answer.status === 401 || answer.status === 404) said.say(words.t('setup.badLink'));
        else place(answer);
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
  show(root, words, words.t('setup.title'), h('p', { class: 'lead' }, words.t('setup.lead')), form);
  fields.password.input.focus();
}

/** Says that somebody has used the link, and where to go instead. */
export function done(root: HTMLElement, words: Words): void {
  show(root, words, words.t('setup.doneTitle'), h('p', { class: 'lead' }, words.t('setup.done')), h('a', { class: 'go', href: '/signin' }, words.t('setup.toSignin')));
}

/** Says where the link is to be found. */
export function lost(root: HTMLElement, words: Words): void {
  show(root, words, words.t('setup.lostTitle'), h('p', { class: 'lead' }, words.t('setup.lost')), h('a', { class: 'go', href: '/signin' }, words.t('setup.toSignin')));
}

/** Takes the token out of the address, so that neither history nor a shared screen keeps it. */
export function takeToken(place: Location, past: History): string {
  const token = place.hash.slice(1);
  if (token) past.replaceState(null, '', place.pathname + place.search);
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

const root = document.getElementById('setup');
if (root) {
  let token = takeToken(location, history);
  const used = ask('/server').then((answer) => answer.kind === 'ok' && isRecord(answer.body) && answer.body.setupNeeded === false);
  const draw = async () => {
    const typed: Record<string, string> = {};
    for (const input of root.querySelectorAll<HTMLInputElement>('input[type=text]')) typed[input.id] = input.value;
    const [words, over] = await Promise.all([loadWords(), used]);
    if (over) done(root, words);
    else if (token) setUp(root, words, { token, go: (address) => location.replace(address) }, typed);
    else lost(root, words);
  };
  window.addEventListener('languagechosen', () => void draw());
  // The link pasted into a page that is already open changes only the hash.
  window.addEventListener('hashchange', () => {
    token = takeToken(location, history) || token;
    void draw();
  });
  void draw();
}
