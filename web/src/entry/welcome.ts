// The page behind the link of a letter: whoever was invited, or forgot a
// password, chooses one here.
import { h } from './dom';
import { type Field, passwordField, textField } from './field';
import { fill, form, tell } from './page';
import { place } from './place';
import { ask, recordOf, textOf } from './request';
import { type Card, open } from './stage';
import { takeToken } from './token';

/** What a letter is about. */
export interface Letter {
  kind: string;
  login: string;
  name: string;
  minPassword: number;
}

/** Where to go once a password is chosen: the name rides behind the #, which no server sees. */
export const chosenFor = (login: string): string => '/signin#login=' + encodeURIComponent(login);

/** The card on which a password is chosen. */
export function choose(token: string, letter: Letter): Card {
  return (stage) => {
    const { words } = stage;
    const eye = { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') };
    // Not to be changed, but there: it tells a password manager whose it is.
    const login = textField({ id: 'login', label: words.t('entry.login'), autocomplete: 'username', value: letter.login });
    login.input.readOnly = true;
    const fields: Record<'password' | 'again', Field> = {
      password: passwordField({ id: 'password', label: words.t('welcome.password'), hint: words.t('setup.rule', { count: letter.minPassword }), autocomplete: 'new-password' }, eye),
      again: passwordField({ id: 'again', label: words.t('setup.again'), autocomplete: 'new-password' }, eye),
    };

    const submit = async () => {
      const { password, again } = fields;
      password.complain([...password.input.value].length < letter.minPassword ? words.t('setup.tooShort', { count: letter.minPassword }) : '');
      again.complain(again.input.value === password.input.value ? '' : words.t('setup.differ'));
      const wrong = Object.values(fields).find((field) => field.input.hasAttribute('aria-invalid'));
      if (wrong) {
        wrong.input.focus();
        return false;
      }
      const answer = await ask('/password/choose', { token, password: password.input.value });
      if (answer.kind === 'ok') {
        stage.go(chosenFor(letter.login));
        return true;
      }
      if (answer.kind === 'refused' && isSpent(answer.status)) {
        stage.show(spent);
        return true;
      }
      if (answer.kind !== 'refused' || !place(answer, fields)) made.said.tell(words, answer);
      return false;
    };

    const made = form(words.t('welcome.go'), words.t('welcome.busy'), [login.element, fields.password.element, fields.again.element], submit);
    const invited = letter.kind === 'invitation';
    const name = letter.name || letter.login;
    const title = invited ? words.t('welcome.title', { name }) : words.t('welcome.resetTitle', { name });
    fill(stage, title, h('p', { class: 'lead' }, words.t(invited ? 'welcome.lead' : 'welcome.resetLead')), made.element);
    fields.password.input.focus();
  };
}

/** Whether the server says that the letter is used up, too old or none of its own. */
const isSpent = (status: number): boolean => status === 401 || status === 404 || status === 410;

/** Says that the link is of no use any more, and what to do. */
export const spent: Card = (stage) => {
  const { words } = stage;
  tell(stage, words.t('welcome.spentTitle'), words.t('welcome.spent'), words.t('setup.toSignin'), '/signin');
};

/** Says that the address is only part of a link. */
export const lost: Card = (stage) => {
  const { words } = stage;
  tell(stage, words.t('welcome.lostTitle'), words.t('welcome.lost'), words.t('setup.toSignin'), '/signin');
};

/** Asks what the letter is about, and shows it; again where the server does not answer. */
export function openLetter(token: string): Card {
  return (stage) => {
    const { words } = stage;
    const read = async () => {
      const answer = await ask('/password/letter', { token });
      if (answer.kind === 'ok') {
        const body = recordOf(answer.body);
        const minPassword = typeof body.minPassword === 'number' ? body.minPassword : stage.house.minPassword;
        stage.show(choose(token, { kind: textOf(body.kind), login: textOf(body.login), name: textOf(body.name), minPassword }));
        return true;
      }
      if (answer.kind === 'refused' && isSpent(answer.status)) {
        stage.show(spent);
        return true;
      }
      made.said.tell(words, answer);
      return false;
    };
    const made = form(words.t('welcome.retry'), words.t('welcome.reading'), [], read);
    fill(stage, words.t('welcome.readingTitle'), made.element);
    made.once(read);
  };
}

const root = document.getElementById('welcome');
if (root) {
  const token = takeToken(location, history);
  void open(root, token ? openLetter(token) : lost);
  // The link pasted into a page that is already open changes only the hash.
  window.addEventListener('hashchange', () => {
    if (location.hash.length > 1) location.reload();
  });
}
