// The second step of signing in: a code from an app, a recovery code, or a
// passkey.
import { brokenOff, knowsPasskeys, showPasskey } from '../api/passkey';
import type { SignInAnswer, Ways } from './answer';
import { h } from './dom';
import { textField } from './field';
import { fill, form, sideButton } from './page';
import { type Answer, ask } from './request';
import type { Card } from './stage';

/** The card for somebody whose password was right. */
export function secondStep(answer: SignInAnswer, ways: Ways): Card {
  const { pending, factors } = answer;
  const passkey = factors.includes('passkey') && answer.passkey ? answer.passkey : null;
  // A code is asked for where there is an app, else once one wants to type one.
  let recovery = !factors.includes('totp');
  let typing = !passkey || factors.includes('totp');
  return (stage) => {
    const { words } = stage;
    const code = textField({
      id: 'code',
      label: words.t(recovery ? 'second.recovery' : 'second.code'),
      hint: words.t(recovery ? 'second.recoveryHint' : 'second.codeHint'),
      autocomplete: 'one-time-code',
      inputMode: recovery ? 'text' : 'numeric',
    });

    /** Goes on, or says what is wrong; true where this card is done. */
    function settle(reply: Answer, wrong: string): boolean {
      if (reply.kind === 'ok') {
        ways.on(reply.body);
        return true;
      }
      if (reply.kind === 'refused' && reply.status === 404) {
        ways.back('late');
        return true;
      }
      if (reply.kind === 'refused' && reply.status === 401) made.said.say(wrong);
      else made.said.tell(words, reply);
      return false;
    }

    const submit = async () => {
      if (!typing) return byPasskey();
      const typed = code.input.value.trim();
      code.complain(typed ? '' : words.t('second.codeEmpty'));
      if (!typed) {
        code.input.focus();
        return false;
      }
      const done = settle(await ask('/session/factor', { pending, code: typed }), words.t('second.wrong'));
      if (!done) code.input.select();
      return done;
    };

    async function byPasskey(): Promise<boolean> {
      try {
        return settle(await ask('/session/factor', { pending, passkey: await showPasskey(passkey) }), words.t('passkeys.unknown'));
      } catch (error) {
        made.said.say(words.t(brokenOff(error) ? 'passkeys.brokenOff' : 'passkeys.failed'));
        return false;
      }
    }

    const withCode = (asRecovery: boolean) => () => {
      typing = true;
      recovery = asRecovery;
      stage.again();
      const input = stage.root.querySelector<HTMLInputElement>('#code');
      if (input) input.value = '';
      input?.focus();
    };
    const made = form(words.t(typing ? 'second.go' : 'second.usePasskey'), words.t('second.busy'), typing ? [code.element] : [], submit);
    const others = [
      passkey && typing && knowsPasskeys() ? sideButton(words.t('second.usePasskey'), () => made.once(byPasskey)) : null,
      factors.includes('recovery') && !(typing && recovery) ? sideButton(words.t('second.useRecovery'), withCode(true), 'link') : null,
      factors.includes('totp') && recovery ? sideButton(words.t('second.useApp'), withCode(false), 'link') : null,
      sideButton(words.t('second.beginAgain'), () => ways.back(), 'link'),
    ];
    const lead = ways.login ? words.t('second.lead', { login: ways.login }) : words.t('second.leadNobody');
    fill(stage, words.t('second.title'), h('p', { class: 'lead' }, lead), made.element, h('div', { class: 'ways' }, ...others));
    (typing ? code.input : made.element.querySelector<HTMLElement>('.go'))?.focus();
  };
}
