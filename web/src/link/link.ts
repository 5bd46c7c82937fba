// The page of a public link. It has no account and holds no secret: the token
// is read from the address and sent once, and from then on the browser's
// cookie opens what the link leads to. opening.ts has the cards before that,
// visitor.ts what follows.
import { prover } from '../entry/proved';
import { open } from '../entry/stage';
import type { More } from '../entry/words';
import { keyOf, tokenOf } from './kept';
import { attempt, gone, type Link, opening } from './opening';
import { Visitor } from './visitor';

const words: More = { en: () => import('../i18n/link.en.json'), fr: () => import('../i18n/link.fr.json') };

/** Opens the link of an address on the page. */
export async function begin(root: HTMLElement, path: string): Promise<void> {
  const token = tokenOf(path);
  if (!token) return open(root, gone, words);
  let ended: () => void = () => undefined;
  const link: Link = {
    token,
    key: await keyOf(token),
    askProved: prover(),
    enter(stage, visit) {
      ended();
      const visitor = new Visitor(stage, visit, () => {
        ended();
        stage.show(opening(link));
      });
      ended = visitor.attend();
      void visitor.route();
    },
  };
  // Asked at once: the words and the looks of the house come meanwhile.
  await open(root, opening(link, attempt(link)), words);
}

const root = document.getElementById('link');
if (root) void begin(root, location.pathname);
