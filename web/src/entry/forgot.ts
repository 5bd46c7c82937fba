// Asks for a letter with a link to choose a new password.
import { h } from './dom';
import { textField } from './field';
import { fill, form, sideButton } from './page';
import { prover } from './proved';
import type { Card } from './stage';

/** The card on which one says whose password is forgotten. */
export function forgot(typed: string, back: () => void): Card {
  const askProved = prover();
  let sent = false;
  return (stage) => {
    const { words } = stage;
    const home = h('div', { class: 'ways' }, sideButton(words.t('forgot.back'), back, 'link'));
    if (sent) {
      // The same words for every name, as the server's answer is the same.
      fill(stage, words.t('forgot.sentTitle'), h('p', { class: 'lead', role: 'status' }, words.t('forgot.sent')), home);
      stage.root.querySelector<HTMLElement>('#title')?.focus();
      return;
    }
    const login = textField({ id: 'login', label: words.t('entry.login'), autocomplete: 'username', value: typed });
    const made = form(words.t('forgot.go'), words.t('forgot.busy'), [login.element], async () => {
      const name = login.input.value.trim();
      login.complain(name ? '' : words.t('entry.loginEmpty'));
      if (!name) {
        login.input.focus();
        return false;
      }
      const answer = await askProved('/password/reset', { login: name }, (on) => made.meanwhile(on ? words.t('signin.working') : ''));
      if (answer.kind !== 'ok') {
        made.said.tell(words, answer);
        return false;
      }
      sent = true;
      stage.again();
      return true;
    });
    fill(stage, words.t('forgot.title'), h('p', { class: 'lead' }, words.t('forgot.lead')), made.element, home);
    login.input.focus();
  };
}
