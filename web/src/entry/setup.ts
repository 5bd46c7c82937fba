// The page behind the link that a new server prints: it makes the first
// administrator, once.
import { h } from './dom';
import { type Field, passwordField, textField } from './field';
import { fill, form, tell } from './page';
import { place } from './place';
import { ask } from './request';
import { type Card, open } from './stage';
import { takeToken } from './token';

/** The shortest password that is worth sending; the server decides. */
const shortest = 12;

/** The form that makes the administrator. */
export function setUp(token: string): Card {
  return (stage) => {
    const { words } = stage;
    const eye = { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') };
    const fields = {
      login: textField({ id: 'login', label: words.t('entry.login'), hint: words.t('setup.loginHint'), autocomplete: 'username', value: 'admin' }),
      name: textField({ id: 'name', label: words.t('setup.name'), optional: words.t('setup.optional'), autocomplete: 'name' }),
      password: passwordField({ id: 'password', label: words.t('entry.password'), hint: words.t('setup.rule', { count: shortest }), autocomplete: 'new-password' }, eye),
      again: passwordField({ id: 'again', label: words.t('setup.again'), autocomplete: 'new-password' }, eye),
    };

    function check(): Field | undefined {
      const { login, password, again } = fields;
      login.complain(login.input.value.trim() ? '' : words.t('entry.loginEmpty'));
      password.complain([...password.input.value].length < shortest ? words.t('setup.tooShort', { count: shortest }) : '');
      again.complain(again.input.value === password.input.value ? '' : words.t('setup.differ'));
      return Object.values(fields).find((field) => field.input.hasAttribute('aria-invalid'));
    }

    const submit = async () => {
      const wrong = check();
      if (wrong) {
        wrong.input.focus();
        return false;
      }
      const { login, name, password } = fields;
      const body: Record<string, string> = { token, login: login.input.value.trim(), password: password.input.value };
      if (name.input.value.trim()) body.name = name.input.value.trim();
      const answer = await ask('/setup', body);
      if (answer.kind === 'ok') {
        stage.go('/');
        return true;
      }
      if (answer.kind === 'refused' && (answer.code === 'setup-done' || answer.status === 410)) {
        stage.show(done);
        return true;
      }
      if (answer.kind !== 'refused') made.said.tell(words, answer);
      else if (answer.code === 'wrong-credentials' || answer.status === 401 || answer.status === 404) made.said.say(words.t('setup.badLink'));
      else if (!place(answer, fields)) made.said.tell(words, answer);
      return false;
    };

    const made = form(words.t('setup.go'), words.t('setup.busy'), Object.values(fields).map((field) => field.element), submit);
    fill(stage, words.t('setup.title'), h('p', { class: 'lead' }, words.t('setup.lead')), made.element);
    fields.password.input.focus();
  };
}

/** Says that somebody has used the link, and where to go instead. */
export const done: Card = (stage) => {
  const { words } = stage;
  tell(stage, words.t('setup.doneTitle'), words.t('setup.done'), words.t('setup.toSignin'), '/signin');
};

/** Says where the link is to be found. */
export const lost: Card = (stage) => {
  const { words } = stage;
  tell(stage, words.t('setup.lostTitle'), words.t('setup.lost'), words.t('setup.toSignin'), '/signin');
};

const root = document.getElementById('setup');
if (root) {
  let token = takeToken(location, history);
  const first: Card = (stage) => {
    const card = stage.house.setUp ? done : token ? setUp(token) : lost;
    card(stage);
  };
  void open(root, first);
  // The link pasted into a page that is already open changes only the hash.
  window.addEventListener('hashchange', () => {
    token = takeToken(location, history) || token;
    window.dispatchEvent(new Event('languagechosen'));
  });
}
