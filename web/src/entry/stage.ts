// A small page shows one card after another. What is shown is drawn again when
// the reader chooses another language; what was typed stays.
import { paint } from './accent';
import { type House, loadHouse, unknownHouse } from './house';
import { loadWords, type More, type Words } from './words';

/** Draws one step onto the page. It may be called again, for another language. */
export type Card = (stage: Stage) => void;

/** Where cards are shown, to whom and in whose name. */
export interface Stage {
  root: HTMLElement;
  words: Words;
  house: House;
  /** Leaves the page for another address. */
  go(address: string): void;
  /** Shows a card in place of the one before. */
  show(card: Card): void;
  /** Draws the present card again. */
  again(): void;
}

/** Makes a stage; nothing is on it yet. */
export function stageOn(root: HTMLElement, words: Words, house: House, go: (address: string) => void): Stage {
  let present: Card = () => undefined;
  const stage: Stage = {
    root,
    words,
    house,
    go,
    show(card) {
      present = card;
      card(stage);
    },
    again() {
      const typed = [...root.querySelectorAll('input')].map((input) => [input.id, input.value] as const);
      const focused = document.activeElement?.id;
      present(stage);
      for (const [id, value] of typed) {
        const input = root.querySelector<HTMLInputElement>('#' + id);
        if (input && !input.readOnly) input.value = value;
      }
      if (focused) document.getElementById(focused)?.focus();
    },
  };
  return stage;
}

/** How long the first card waits for what the server says of itself. */
const patience = 1500;

/** Opens a page: loads the words, perhaps with more of its own, and the looks, and shows the first card. */
export async function open(root: HTMLElement, first: Card, more?: More): Promise<void> {
  const known = loadHouse();
  const wait = new Promise<House>((resolve) => setTimeout(resolve, patience, unknownHouse));
  const [words, house] = await Promise.all([loadWords(more), Promise.race([known, wait])]);
  const stage = stageOn(root, words, house, (address) => location.replace(address));
  paint(document.documentElement, house.accent);
  stage.show(first);
  window.addEventListener('languagechosen', () => {
    void loadWords(more).then((chosen) => {
      stage.words = chosen;
      stage.again();
    });
  });
  const late = await known;
  if (late === house) return;
  stage.house = late;
  paint(document.documentElement, late.accent);
  stage.again();
}
