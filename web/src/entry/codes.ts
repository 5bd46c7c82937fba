// Recovery codes are shown once, with ways to take them along.
import { h } from './dom';
import { fill, sideButton } from './page';
import type { Card } from './stage';

/** The card with codes that were just made; enter goes on once they are kept. */
export function keepCodes(login: string, codes: readonly string[], enter: () => void): Card {
  return (stage) => {
    const { words } = stage;
    const text = codes.join('\n');
    const status = h('p', { class: 'meanwhile', role: 'status' });
    const list = h('ol', { class: 'codes', tabindex: '0', 'aria-label': words.t('codes.list') }, ...codes.map((code) => h('li', {}, h('code', {}, code))));
    const copy = async () => {
      try {
        await navigator.clipboard.writeText(text);
        status.textContent = words.t('codes.copied');
      } catch {
        // The clipboard is closed: at least they are marked, ready to be copied by hand.
        getSelection()?.selectAllChildren(list);
        status.textContent = words.t('codes.copyByHand');
      }
    };
    const save = () => {
      const head = words.t('codes.head', { login, host: location.host });
      const address = URL.createObjectURL(new Blob([`${head}\n\n${text}\n`], { type: 'text/plain' }));
      h('a', { href: address, download: words.t('codes.file') + '.txt' }).click();
      URL.revokeObjectURL(address);
    };
    const kept = sideButton(words.t('codes.kept'), enter, 'go');
    fill(
      stage,
      words.t('codes.title'),
      h('p', { class: 'lead' }, words.t('codes.lead')),
      list,
      h('div', { class: 'pair' }, sideButton(words.t('codes.copy'), () => void copy()), sideButton(words.t('codes.save'), save)),
      status,
      kept,
    );
    // The heading, not the button: who presses Enter in haste would lose them.
    stage.root.querySelector<HTMLElement>('#title')?.focus();
  };
}
