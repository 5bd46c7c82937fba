// The keys of the actions work wherever the focus is on the page, as long as
// nothing there has a use of its own for them.
import { useEffect, useRef } from 'react';
import type { KeyUse } from './typing';

type Use = { act: KeyUse['act']; all: () => void; clear: () => void };

const ownUse = 'input, textarea, [contenteditable], [role=dialog], [role=menu], [data-items]';

export function useActionKeys(use: Use): void {
  const latest = useRef(use);
  useEffect(() => {
    latest.current = use;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role=dialog]') || (event.target instanceof Element && event.target.closest(ownUse))) return;
      const { act, all, clear } = latest.current;
      const control = event.ctrlKey || event.metaKey;
      const text = !(getSelection()?.isCollapsed ?? true);
      const does: Record<string, (() => void) | undefined> = control
        ? { a: all, c: text ? undefined : () => act('copy'), x: text ? undefined : () => act('cut'), v: () => act('paste') }
        : { Delete: () => act(event.shiftKey ? 'delete' : 'bin'), F2: () => act('rename'), '.': () => act('share'), Escape: clear };
      const run = does[control ? event.key.toLowerCase() : event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
