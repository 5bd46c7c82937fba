// What the pointer does in a list or grid. The handlers sit on the whole
// list; rows only carry their number.
import { type DragEvent, type MouseEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Node } from '../api/types';
import { readDrop, holdsFiles } from '../upload/pick';
import { upload } from '../upload/queue';
import { contentUrl } from '../api/client';
import type { Listing } from './listing';
import type { Selecting } from './selection';

export const nodeDrag = 'application/x-alveary-nodes';

// The nodes of a drag within the page; the transfer shows only their kind
// until the drop.
let dragged: Node[] = [];
export const draggedNodes = () => dragged;

export type PointerUse = {
  open: (node: Node) => void;
  menu: (at: { x: number; y: number }, node: Node | undefined) => void;
  /** The folder a drop on empty space goes to; undefined where nothing can be dropped. */
  folder?: Node;
  dropNodes?: (nodes: Node[], target: Node, copy: boolean) => void;
};

const longPress = 450;

export function indexAt(target: EventTarget): number {
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null;
  return row ? Number(row.dataset.index) : -1;
}

const mayTake = (node: Node | undefined) => node?.type === 'COLLECTION' && node.abilities.upload.allowed;

export function usePointer(listing: Listing, selecting: Selecting, use: PointerUse) {
  const [over, setOver] = useState<number | 'all' | null>(null);
  const held = useRef<ReturnType<typeof setTimeout>>(undefined);
  const kind = useRef('mouse');
  const swallow = useRef(false);
  const latest = useRef({ listing, selecting, use });
  useEffect(() => {
    latest.current = { listing, selecting, use };
  });

  const handlers = useMemo(() => {
    const hit = (target: EventTarget) => {
      const index = indexAt(target);
      return { index, node: index >= 0 ? latest.current.listing.at(index) : undefined };
    };
    const targetOf = (event: DragEvent): { folder?: Node; over: number | 'all' | null } => {
      const { index, node } = hit(event.target);
      if (mayTake(node) && !dragged.some((one) => one.id === node?.id)) return { folder: node, over: index };
      const { folder } = latest.current.use;
      return holdsFiles(event.dataTransfer) && mayTake(folder) ? { folder, over: 'all' } : { over: null };
    };

    return {
      onPointerDown: (event: PointerEvent) => {
        kind.current = event.pointerType;
        swallow.current = false;
        if (event.pointerType === 'mouse') return;
        const { index, node } = hit(event.target);
        clearTimeout(held.current);
        if (!node) return;
        held.current = setTimeout(() => {
          swallow.current = true;
          latest.current.selecting.toggle(node, index);
          navigator.vibrate?.(10);
        }, longPress);
      },
      onPointerMove: (event: PointerEvent) => {
        if (Math.abs(event.movementX) + Math.abs(event.movementY) > 4) clearTimeout(held.current);
      },
      onPointerUp: () => clearTimeout(held.current),
      onPointerCancel: () => clearTimeout(held.current),
      onClick: (event: MouseEvent) => {
        const { selecting: now, use: does } = latest.current;
        if (event.target instanceof Element && event.target.closest('input, [data-own]')) return;
        const { index, node } = hit(event.target);
        if (swallow.current) return;
        if (!node) {
          if (!(event.target instanceof Element && event.target.closest('button'))) now.clear();
          return;
        }
        if (event.target instanceof Element && event.target.closest('[data-check]')) now.toggle(node, index);
        else if (kind.current !== 'mouse') {
          if (now.nodes.size > 0) now.toggle(node, index);
          else does.open(node);
        } else if (event.shiftKey) void now.stretchTo(index, event.ctrlKey || event.metaKey);
        else if (event.ctrlKey || event.metaKey) now.toggle(node, index);
        else now.pick(node, index);
      },
      onDoubleClick: (event: MouseEvent) => {
        if (kind.current !== 'mouse' || (event.target instanceof Element && event.target.closest('input, button, [data-check]'))) return;
        const { node } = hit(event.target);
        if (node) latest.current.use.open(node);
      },
      onContextMenu: (event: MouseEvent) => {
        if (event.target instanceof Element && event.target.closest('input')) return;
        event.preventDefault();
        if (kind.current !== 'mouse') return;
        const { index, node } = hit(event.target);
        const { selecting: now, use: does } = latest.current;
        if (node && !now.nodes.has(node.id)) now.pick(node, index);
        else if (!node) now.clear();
        does.menu({ x: event.clientX, y: event.clientY }, node);
      },
      onDragStart: (event: DragEvent) => {
        const { index, node } = hit(event.target);
        const { selecting: now } = latest.current;
        if (!node) return;
        if (!now.nodes.has(node.id)) now.pick(node, index);
        dragged = now.nodes.has(node.id) ? now.chosen : [node];
        event.dataTransfer.effectAllowed = 'copyMove';
        event.dataTransfer.setData(nodeDrag, dragged.map((one) => one.id).join(','));
        event.dataTransfer.setData('text/plain', dragged.map((one) => one.name).join('\n'));
        if (dragged.length === 1 && node.type === 'LEAF') {
          // Some browsers save the file where this is dropped outside.
          event.dataTransfer.setData('DownloadURL', `${node.mime}:${node.name}:${location.origin}${contentUrl(node.id)}`);
        }
      },
      onDragEnd: () => {
        dragged = [];
        setOver(null);
      },
      onDragOver: (event: DragEvent) => {
        const target = targetOf(event);
        setOver(target.over);
        if (!target.folder) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = holdsFiles(event.dataTransfer) || event.ctrlKey || event.altKey ? 'copy' : 'move';
      },
      onDragLeave: (event: DragEvent) => {
        if (!(event.relatedTarget instanceof Element) || !event.currentTarget.contains(event.relatedTarget)) setOver(null);
      },
      onDrop: (event: DragEvent) => {
        const { folder } = targetOf(event);
        setOver(null);
        if (!folder) return;
        event.preventDefault();
        if (holdsFiles(event.dataTransfer)) {
          void readDrop(event.dataTransfer).then(({ files, emptyFolders }) => upload(folder, files, emptyFolders));
        } else if (dragged.length > 0) {
          latest.current.use.dropNodes?.(dragged, folder, event.ctrlKey || event.altKey);
        }
        dragged = [];
      },
    };
  }, []);

  return { over, handlers };
}
