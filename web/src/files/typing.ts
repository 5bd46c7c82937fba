// The keys of a list or grid: moving, selecting, type-ahead, and the actions.
import { type KeyboardEvent, useRef } from 'react';
import type { Node } from '../api/types';
import { fold } from './filter';
import type { Listing } from './listing';
import { type Selecting, type Step, stepTo } from './selection';

export type KeyUse = {
  columns: number;
  page: () => number;
  show: (index: number) => void;
  open: (node: Node) => void;
  preview?: (node: Node) => void;
  /** Does the action of that name if it is there and allowed. */
  act: (id: 'rename' | 'share' | 'bin' | 'cut' | 'copy' | 'paste' | 'delete') => void;
  up?: () => void;
  menu: (node: Node | undefined) => void;
};

const steps: Record<string, Step> = {
  ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', Home: 'home', End: 'end', PageUp: 'pageUp', PageDown: 'pageDown',
};

const pause = 800;

/** The first name after `from` that starts so; looks only at what is loaded. */
export function findPrefix(listing: Pick<Listing, 'at' | 'total'>, from: number, prefix: string): number {
  const wanted = fold(prefix);
  const reach = Math.min(listing.total, 20_000);
  for (let step = 0; step < reach; step++) {
    const index = (from + step) % listing.total;
    const node = listing.at(index);
    if (node && fold(node.name).startsWith(wanted)) return index;
  }
  return -1;
}

export function useTyping(listing: Listing, selecting: Selecting, use: KeyUse) {
  const typed = useRef({ text: '', at: 0 });

  const go = (index: number, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
    if (index < 0) return;
    use.show(index);
    const node = listing.at(index);
    if (event.shiftKey) void selecting.stretchTo(index);
    else if (event.ctrlKey || event.metaKey) selecting.moveTo(index);
    else if (node) selecting.pick(node, index);
    else {
      selecting.moveTo(index);
      void listing.fetchRange(index, index).then(([late]) => late && selecting.pick(late, index));
    }
  };

  const typeAhead = (event: KeyboardEvent): boolean => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return false;
    const now = event.timeStamp;
    const going = now - typed.current.at < pause ? typed.current.text : '';
    if ((event.key === ' ' || (event.key === '.' && selecting.chosen.length > 0)) && going === '') return false;
    typed.current = { text: going + event.key, at: now };
    const start = Math.max(0, selecting.active) + (going === '' ? 1 : 0);
    go(findPrefix(listing, listing.total > 0 ? start % listing.total : 0, typed.current.text), { shiftKey: false, ctrlKey: false, metaKey: false });
    return true;
  };

  const withControl = (event: KeyboardEvent): boolean => {
    switch (event.key.toLowerCase()) {
      case 'a': void selecting.all(); return true;
      case 'c': use.act('copy'); return true;
      case 'x': use.act('cut'); return true;
      case 'v': use.act('paste'); return true;
      default: return false;
    }
  };

  const alone = (event: KeyboardEvent): boolean => {
    const node = listing.at(selecting.active);
    switch (event.key) {
      case 'Enter': if (node) use.open(node); return true;
      case 'F2': use.act('rename'); return true;
      case '.': use.act('share'); return true;
      case 'Delete': use.act(event.shiftKey ? 'delete' : 'bin'); return true;
      case 'Backspace': use.up?.(); return true;
      case 'ContextMenu': use.menu(node); return true;
      case 'F10': if (event.shiftKey) use.menu(node); return event.shiftKey;
      case ' ':
        if (node && use.preview && node.previewable) use.preview(node);
        return true;
      case 'Escape': selecting.clear(); return true;
      default: return false;
    }
  };

  return (event: KeyboardEvent) => {
    if (event.target instanceof Element && event.target.closest('input, textarea, button')) return;
    const control = event.ctrlKey || event.metaKey;
    const step = steps[event.key];
    let handled = false;
    if (event.altKey) {
      if (event.key === 'ArrowUp' && use.up) {
        use.up();
        handled = true;
      }
    } else if (control && event.key === ' ') {
      const node = listing.at(selecting.active);
      if (node) selecting.toggle(node, selecting.active);
      handled = true;
    } else if (step && !(use.columns === 1 && (step === 'left' || step === 'right'))) {
      go(stepTo(selecting.active, step, listing.total, use.columns, use.page()), event);
      handled = true;
    } else if (control) handled = withControl(event);
    else handled = typeAhead(event) || alone(event);
    if (handled) event.preventDefault();
  };
}
