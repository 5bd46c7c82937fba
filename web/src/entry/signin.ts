// The page on which a person signs in: this file is its first card, way.ts
// leads to the others.
import { brokenOff, knowsPasskeys, showPasskey } from '../api/passkey';
import { h } from './dom';
import { passwordField, textField } from './field';
import { forgot } from './forgot';
import { fill, form, sideButton } from './page';
import { prover } from './proved';
import { ask, recordOf, textOf } from './request';
import { type Card, open } from './stage';
import { proceed } from './way';

/** What the first card begins with. */
export interface Beginning {
  login?: string;
  /** What was done before, as the key of a sentence. */
  said?: 'signin.late' | 'signin.chosen';
}

/** The card with name and password. */
export function signIn(beginning: Beginning = {}): Card {
  const askProved = prover();
  return (stage) => {
    const { words, house } = stage;
    const passkeys = house.passkeys && knowsPasskeys();
    const login = textField({ id: 'login', label: words.t('entry.login'), autocomplete: 'username', value: beginning.login });
    const password = passwordField(
      { id: 'password', label: words.t('entry.password'), autocomplete: 'current-password' },
      { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') },
    );
    const back = (why?: 'late') => stage.show(signIn({ login: login.input.value.trim(), said: why && 'signin.late' }));

    const submit = async () => {
      login.complain(login.input.value.trim() ? '' : words.t('entry.loginEmpty'));
      password.complain(password.input.value ? '' : words.t('entry.passwordEmpty'));
      const wrong = [login, password].find((field) => field.input.hasAttribute('aria-invalid'));
      if (wrong) {
        wrong.input.focus();
        return false;
      }
      const name = login.input.value.trim();
      const working = (on: boolean) => made.meanwhile(on ? words.t('signin.working') : '');
      const answer = await askProved('/session', { login: name, password: password.input.value }, working);
      // The button stays at work until the next page is there.
      if (answer.kind === 'ok') return proceed(stage, name, answer.body, back);
      if (answer.kind === 'refused' && answer.status === 401 && answer.code !== 'captcha') {
        made.said.say(words.t('signin.wrong'));
        password.input.focus();
        password.input.select();
      } else {
        made.said.tell(words, answer);
      }
      return false;
    };

    const byPasskey = async () => {
      const begun = await ask('/session/passkey', {});
      if (begun.kind !== 'ok') {
        made.said.tell(words, begun);
        return false;
      }
      const { pending, passkey } = recordOf(begun.body);
      try {
        const answer = await ask('/session/factor', { pending: textOf(pending), passkey: await showPasskey(passkey) });
        if (answer.kind === 'ok') return proceed(stage, '', answer.body, back);
        if (answer.kind === 'refused' && answer.status === 401) made.said.say(words.t('passkeys.unknown'));
        else if (answer.kind === 'refused' && answer.status === 404) made.said.say(words.t('signin.late'));
        else made.said.tell(words, answer);
      } catch (error) {
        made.said.say(words.t(brokenOff(error) ? 'passkeys.brokenOff' : 'passkeys.failed'));
      }
      return false;
    };

    const toForgot = () => stage.show(forgot(login.input.value.trim(), () => back()));
    const made = form(words.t('signin.go'), words.t('signin.busy'), [login.element, password.element], submit);
    const others = [
      passkeys ? sideButton(words.t('signin.passkey'), () => made.once(byPasskey)) : null,
      house.reset ? sideButton(words.t('signin.forgot'), toForgot, 'link') : null,
    ].filter((one) => one !== null);
    fill(
      stage,
      words.t('signin.title'),
      house.setupNeeded ? h('p', { class: 'aside' }, words.t('signin.notSetUp')) : null,
      beginning.said ? h('p', { class: 'aside', role: 'status' }, words.t(beginning.said)) : null,
      made.element,
      others.length ? h('div', { class: 'ways' }, ...others) : null,
    );
    (beginning.login ? password : login).input.focus();
  };
}

/** Takes out of the address the name that the page for new passwords left there, where no server sees it. */
export function takeLogin(place: Location, past: History): Beginning {
  const login = new URLSearchParams(place.hash.slice(1)).get('login');
  if (login === null) return {};
  past.replaceState(null, '', place.pathname + place.search);
  return { login, said: 'signin.chosen' };
}

const root = document.getElementById('signin');
if (root) void open(root, signIn(takeLogin(location, history)));
