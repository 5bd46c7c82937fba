import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconX, type TablerIcon } from '@tabler/icons-react';
import { type KeyboardEvent, lazy, type ReactNode, Suspense, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { Boundary } from '../app/Boundary';
import { refusal } from '../files/actions';
import { KindIcon } from '../files/KindIcon';
import { kindOf } from '../files/kinds';
import { DownloadButton } from './DownloadButton';
import { Facts } from './Facts';
import { ImageView } from './ImageView';
import { MediaView } from './MediaView';
import css from './Preview.module.css';
import { turnBack } from './trap';

const PdfView = lazy(() => import('./PdfView'));
const TextView = lazy(() => import('./TextView'));

type Props = {
  node: Node;
  /** The files around it, in the order of the list. */
  siblings: readonly Node[];
  onNavigate: (node: Node) => void;
  onClose: () => void;
};

/** A file seen over the whole page. */
export default function Preview({ node, siblings, onNavigate, onClose }: Props) {
  const { t } = useTranslation();
  const title = useId();
  const overlay = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const at = siblings.findIndex((one) => one.id === node.id);
  const before = at > 0 ? siblings[at - 1] : undefined;
  const after = at >= 0 ? siblings[at + 1] : undefined;
  useFocusReturn();

  // A viewer that leaves may take the focus along; the keys must go on working.
  useEffect(() => {
    if (!overlay.current?.contains(document.activeElement)) stage.current?.focus();
  }, [node.id]);
  useEffect(() => {
    // A press beside everything leaves the focus nowhere.
    const onStray = (event: globalThis.KeyboardEvent) => {
      if (event.target !== document.body) return;
      if (event.key === 'Escape') onClose();
      else stage.current?.focus();
    };
    addEventListener('keydown', onStray);
    return () => removeEventListener('keydown', onStray);
  }, [onClose]);

  const onKeyDown = (event: KeyboardEvent) => {
    // The list beneath listens to the same keys and is an ancestor in React's eyes.
    event.stopPropagation();
    if (event.key === 'Tab' && overlay.current) {
      const to = turnBack(overlay.current, document.activeElement, event.shiftKey);
      if (to) event.preventDefault();
      to?.focus();
    }
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const going = event.key === 'ArrowLeft' ? before : event.key === 'ArrowRight' ? after : undefined;
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    } else if (going && !keepsArrows(event.target)) {
      event.preventDefault();
      onNavigate(going);
    } else if (event.key === ' ' && event.target === stage.current) {
      event.preventDefault();
      onClose();
    }
  };

  return createPortal(
    <div ref={overlay} role="dialog" aria-modal="true" aria-labelledby={title} tabIndex={-1} className={css.overlay} onKeyDown={onKeyDown} {...held}>
      <header className={css.head}>
        <KindIcon kind={kindOf(node)} size={24} />
        <h2 id={title} title={node.name}>{node.name}</h2>
        <Step icon={IconChevronLeft} label={t('preview.previous')} to={before} onNavigate={onNavigate} />
        <Step icon={IconChevronRight} label={t('preview.next')} to={after} onNavigate={onNavigate} />
        <span className={css.gap} />
        <DownloadButton node={node} small />
        <ActionIcon variant="subtle" color="gray" size={40} aria-label={t('preview.close')} title={t('preview.close')} onClick={onClose}>
          <IconX size={22} stroke={1.5} aria-hidden />
        </ActionIcon>
      </header>
      <div ref={stage} className={css.stage} tabIndex={-1}>
        <Boundary key={`${node.id} ${node.version}`}>
          <Suspense fallback={<p className={css.wait} role="status">{t('list.loading')}</p>}>
            <Content node={node} />
          </Suspense>
        </Boundary>
      </div>
    </div>,
    document.body,
  );
}

// What happens over the preview is no business of the list beneath it, which
// would take a press for a selection and a drop for an upload.
const stop = (event: { stopPropagation: () => void }) => event.stopPropagation();
const held = { onPointerDown: stop, onMouseDown: stop, onClick: stop, onDoubleClick: stop, onContextMenu: stop, onDragOver: stop, onDrop: stop, onPaste: stop, onCopy: stop };

function Content({ node }: { node: Node }): ReactNode {
  const { t } = useTranslation();
  const denied = refusal([node], 'read', t);
  if (denied !== undefined) return <Facts node={node} text={denied} />;
  switch (node.previewable) {
    case 'image': return <ImageView node={node} />;
    case 'pdf': return <PdfView node={node} />;
    case 'text': return <TextView node={node} />;
    case 'audio':
    case 'video': return <MediaView node={node} />;
    default: return <Facts node={node} text={t('preview.none')} />;
  }
}

function Step({ icon: Icon, label, to, onNavigate }: { icon: TablerIcon; label: string; to: Node | undefined; onNavigate: (node: Node) => void }) {
  const name = to ? `${label}: ${to.name}` : label;
  return (
    <ActionIcon variant="subtle" color="gray" size={40} aria-label={name} title={name} aria-disabled={!to || undefined} data-off={!to || undefined} className={css.tool} onClick={() => { if (to) onNavigate(to); }}>
      <Icon size={22} stroke={1.5} aria-hidden />
    </ActionIcon>
  );
}

/** Says whether the arrows mean something to what has the focus. */
function keepsArrows(target: EventTarget): boolean {
  return target instanceof Element && target.closest('input, audio, video, .cm-content') !== null;
}

/** Gives the focus back to what had it before. */
function useFocusReturn(): void {
  useEffect(() => {
    const had = document.activeElement;
    return () => {
      if (had instanceof HTMLElement && had.isConnected && had !== document.body) had.focus({ preventScroll: true });
    };
  }, []);
}
