// The cards that stand before what a link leads to: the password, signing in,
// and what is said where there is nothing to be seen.
import { keepBack } from '../entry/back';
import { h } from '../entry/dom';
import { passwordField } from '../entry/field';
import { form, sideButton } from '../entry/page';
import type { AskProved } from '../entry/proved';
import { type Answer, ask } from '../entry/request';
import type { Card, Stage } from '../entry/stage';
import { readVisit, type Visit } from './api';
import { card } from './frame';
import { keepVisit, keptVisit } from './kept';

/** The link whose page this is. */
export interface Link {
  /** Secret: it is sent to open the link and is put nowhere else. */
  token: string;
  /** Under which the window keeps that the link was opened. */
  key: string;
  askProved: AskProved;
  /** Shows what the link leads to. */
  enter(stage: Stage, visit: Visit): void;
}

/** Opens the link: with what the window kept of it, else anew. */
export async function attempt(link: Link): Promise<Answer> {
  const id = keptVisit(link.key);
  if (id) {
    const answer = await ask('/visits/' + id);
    if (answer.kind !== 'refused') return answer;
    keepVisit(link.key, '');
  }
  return link.askProved('/visits', { token: link.token }, () => undefined);
}

/** The card while the link is opened. */
export function opening(link: Link, begun: Promise<Answer> = attempt(link)): Card {
  let waiting: Promise<void> | undefined;
  return (stage) => {
    card(stage, stage.words.t('link.opening'), h('p', { class: 'lead', role: 'status' }, stage.words.t('link.openingLead')));
    waiting ??= begun.then((answer) => go(stage, link, answer));
  };
}

function go(stage: Stage, link: Link, answer: Answer): void {
  if (answer.kind === 'ok') {
    const visit = readVisit(answer.body);
    keepVisit(link.key, visit.id);
    link.enter(stage, visit);
  } else stage.show(cardFor(link, answer));
}

/** The card that fits an answer other than the one hoped for. */
export function cardFor(link: Link, answer: Exclude<Answer, { kind: 'ok' }>): Card {
  if (answer.kind === 'refused') {
    if (answer.code === 'password') return askPassword(link);
    if (answer.code === 'sign-in') return askSignIn;
    if (answer.code === 'not-for-you') return notForYou;
    if (answer.status === 404 || answer.status === 400 || answer.status === 422) return gone;
  }
  return trouble(link, answer);
}

function askPassword(link: Link): Card {
  return (stage) => {
    const { words } = stage;
    const password = passwordField(
      { id: 'password', label: words.t('entry.password'), autocomplete: 'off' },
      { show: words.t('entry.show'), hide: words.t('entry.hide'), caps: words.t('entry.caps') },
    );
    const submit = async () => {
      password.complain(password.input.value ? '' : words.t('link.passwordEmpty'));
      if (!password.input.value) {
        password.input.focus();
        return false;
      }
      const working = (on: boolean) => made.meanwhile(on ? words.t('link.working') : '');
      const answer = await link.askProved('/visits', { token: link.token, password: password.input.value }, working);
      if (answer.kind === 'refused' && answer.code === 'wrong-password') {
        made.said.say(words.t('link.wrongPassword'));
        password.input.focus();
        password.input.select();
        return false;
      }
      if (answer.kind === 'ok') go(stage, link, answer);
      else if (answer.kind === 'refused' && answer.code !== 'captcha' && answer.code !== 'password') stage.show(cardFor(link, answer));
      else {
        made.said.tell(words, answer);
        return false;
      }
      return true;
    };
    const made = form(words.t('link.open'), words.t('link.openBusy'), [password.element], submit);
    card(stage, words.t('link.passwordTitle'), h('p', { class: 'lead' }, words.t('link.passwordLead')), made.element);
    password.input.focus();
  };
}

/** Sends somebody to the sign-in page, which leads back here. */
function toSignIn(stage: Stage): void {
  keepBack(location.pathname);
  stage.go('/signin');
}

const askSignIn: Card = (stage) => {
  const { words } = stage;
  const go = sideButton(words.t('link.signIn'), () => toSignIn(stage), 'go');
  card(stage, words.t('link.signInTitle'), h('p', { class: 'lead' }, words.t('link.signInLead')), go);
  go.focus();
};

const notForYou: Card = (stage) => {
  const { words } = stage;
  const other = sideButton(words.t('link.signInOther'), () => toSignIn(stage));
  card(stage, words.t('link.notForYouTitle'), h('p', { class: 'lead', role: 'status' }, words.t('link.notForYou')), other);
};

/** One and the same for a link that is over, was never there or is not there yet. */
export const gone: Card = (stage) => {
  const { words } = stage;
  card(stage, words.t('link.goneTitle'), h('p', { class: 'lead', role: 'status' }, words.t('link.gone')));
};

/** All downloads of a link are used up that is for nothing else. */
export function exhausted(owner: string): Card {
  return (stage) => {
    const { words } = stage;
    card(stage, words.t('link.exhaustedTitle'), h('p', { class: 'lead', role: 'status' }, words.t('link.exhausted', { owner })));
  };
}

function trouble(link: Link, answer: Exclude<Answer, { kind: 'ok' }>): Card {
  return (stage) => {
    const { words } = stage;
    const again = () => {
      stage.show(opening(link));
      return Promise.resolve(true);
    };
    const made = form(words.t('link.retry'), words.t('link.openBusy'), [], again);
    card(stage, words.t('link.troubleTitle'), made.element);
    made.said.tell(words, answer);
  };
}
