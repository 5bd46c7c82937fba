// Whoever needs a second step and has none sets one up on the way in.
import { brokenOff, knowsPasskeys, makePasskey } from '../api/passkey';
import type { SignInAnswer, Ways } from './answer';
import { drawing, h } from './dom';
import { textField } from './field';
import { fill, form, notice, sideButton } from './page';
import { type Answer, ask, recordOf, textOf, textsOf } from './request';
import { qrCode } from './qr';
import type { Card, Stage } from './stage';

/** The card on which one chooses between an app and a passkey. */
export function enrol(answer: SignInAnswer, ways: Ways): Card {
  const { pending } = answer;
  return (stage) => {
    const { words } = stage;
    const said = notice();
    const status = h('p', { class: 'meanwhile', role: 'status' });
    let busy = false;

    const settle = (reply: Answer) => {
      if (reply.kind === 'ok') ways.on(reply.body);
      else if (isLate(reply)) ways.back('late');
      else said.tell(words, reply);
    };

    const byApp = async () => {
      const reply = await ask('/session/enrol', { pending, kind: 'totp' });
      if (reply.kind === 'ok') stage.show(app(pending, recordOf(recordOf(reply.body).totp), ways, enrol(answer, ways)));
      else settle(reply);
    };

    const byPasskey = async () => {
      const reply = await ask('/session/enrol', { pending, kind: 'passkey' });
      if (reply.kind !== 'ok') {
        settle(reply);
        return;
      }
      status.textContent = words.t('passkeys.waiting');
      try {
        const passkey = await makePasskey(recordOf(reply.body).passkey);
        settle(await ask('/session/enrol/confirm', { pending, passkey, label: words.t('passkeys.label') }));
      } catch (error) {
        said.say(words.t(brokenOff(error) ? 'passkeys.brokenOff' : 'passkeys.failed'));
      }
    };

    const once = (act: () => Promise<void>) => () => {
      if (busy) return;
      busy = true;
      said.say('');
      void act().finally(() => {
        busy = false;
        status.textContent = '';
      });
    };
    const wanted = (kind: 'totp' | 'passkey') => answer.factors.length === 0 || answer.factors.includes(kind);
    const choices = [
      wanted('passkey') && knowsPasskeys() ? choice(words.t('enrol.passkey'), words.t('enrol.passkeyText'), fingerprint, once(byPasskey)) : null,
      wanted('totp') ? choice(words.t('enrol.app'), words.t('enrol.appText'), phone, once(byApp)) : null,
    ];
    fill(
      stage,
      words.t('enrol.title'),
      h('p', { class: 'lead' }, words.t('enrol.lead')),
      said.element,
      h('div', { class: 'choices' }, ...choices),
      status,
      h('div', { class: 'ways' }, sideButton(words.t('second.beginAgain'), () => ways.back(), 'link')),
    );
    stage.root.querySelector<HTMLElement>('.choice')?.focus();
  };
}

const phone = ['M7 3.5h10a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1Z', 'M10.5 17.5h3'];
const fingerprint = ['M12 11v3c0 2-.4 3.8-1.2 5.5', 'M8.5 11a3.5 3.5 0 0 1 7 0v2.5c0 1.9-.2 3.7-.8 5.5', 'M5.2 14.5V11a6.8 6.8 0 0 1 13.6 0v3', 'M8.5 14c0 1.5-.2 3-.8 4.300'];

function choice(title: string, text: string, icon: string[], act: () => void): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'choice' }, drawing('icon', ...icon), h('span', {}, h('strong', {}, title), h('span', {}, text)));
  button.addEventListener('click', act);
  return button;
}

const isLate = (reply: Answer) => reply.kind === 'refused' && reply.status === 404;

/** The card that shows what an authenticator app scans, and takes its first code. */
function app(pending: string, begun: Record<string, unknown>, ways: Ways, back: Card): Card {
  const secret = textOf(begun.secret);
  return (stage: Stage) => {
    const { words } = stage;
    const code = textField({ id: 'code', label: words.t('enrol.code'), hint: words.t('enrol.codeHint'), autocomplete: 'one-time-code', inputMode: 'numeric' });
    const made = form(words.t('enrol.go'), words.t('second.busy'), [code.element], async () => {
      const typed = code.input.value.trim();
      code.complain(typed ? '' : words.t('second.codeEmpty'));
      if (!typed) {
        code.input.focus();
        return false;
      }
      const reply = await ask('/session/enrol/confirm', { pending, code: typed });
      if (reply.kind === 'ok') {
        ways.on(reply.body);
        return true;
      }
      if (isLate(reply)) {
        ways.back('late');
        return true;
      }
      if (reply.kind === 'refused' && reply.status === 401) made.said.say(words.t('enrol.wrong'));
      else made.said.tell(words, reply);
      code.input.select();
      return false;
    });
    // An address made for apps: nothing else is ever linked to.
    const uri = textOf(begun.uri);
    const byHand = h(
      'details',
      {},
      h('summary', {}, words.t('enrol.byHand')),
      h('p', {}, h('code', { class: 'secret', id: 'secret' }, secret.replace(/(.{4})(?=.)/g, '$1 '))),
      uri.startsWith('otpauth://') ? h('p', {}, h('a', { href: uri }, words.t('enrol.openApp'))) : null,
    );
    fill(
      stage,
      words.t('enrol.appTitle'),
      h('p', { class: 'lead' }, words.t('enrol.appLead')),
      qrCode(textsOf(begun.qr), words.t('enrol.qr')),
      byHand,
      made.element,
      h('div', { class: 'ways' }, sideButton(words.t('enrol.other'), () => stage.show(back), 'link')),
    );
    code.input.focus({ preventScroll: true });
  };
}
