import { IconChevronDown, IconChevronUp, IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../feedback/announce';
import { formatLeft, formatSize } from '../lib/format';
import { useStore } from '../lib/store';
import { cancel, cancelAll, clearDone, pause, pauseAll, resume, resumeAll, retryFailed } from './engine';
import { Notices } from './Notices';
import { items, queue, stamp, tally, type UploadItem } from './queue';
import { useRate } from './rate';
import css from './UploadPanel.module.css';

const rowHeight = 48;

/** What is on its way up: in all, and file by file. */
export default function UploadPanel() {
  const { t, i18n } = useTranslation();
  const tick = useStore(stamp);
  const { paused, signedOut } = useStore(queue);
  const [folded, setFolded] = useState(false);
  const sum = tally(items);
  const rate = useRate(sum.sent, sum.active && !paused && !signedOut, tick);
  const over = !sum.active && sum.conflicts === 0 && !signedOut && !items.some((item) => item.state === 'paused');
  const title = over
    ? sum.failed > 0 ? t('upload.failed', { count: sum.failed }) : t('upload.done', { count: sum.done })
    : t('upload.going', { done: sum.done, count: sum.files });

  useEffect(() => {
    if (over && sum.files > 0) announce(title);
  }, [over, sum.files, title]);

  const percent = sum.bytes > 0 ? Math.floor((100 * sum.sent) / sum.bytes) : over ? 100 : 0;
  const facts = [t('upload.amount', { sent: formatSize(sum.sent, i18n.language), all: formatSize(sum.bytes, i18n.language) })];
  if (paused) facts.push(t('upload.paused'));
  else if (rate > 0 && sum.active) {
    facts.push(t('upload.rate', { rate: formatSize(rate, i18n.language) }), t('upload.left', { time: formatLeft((sum.bytes - sum.sent) / rate) }));
  }

  return (
    <section className={css.panel} aria-label={t('upload.label')}>
      <div className={css.head}>
        <div className={css.title}>
          <h2>{title}</h2>
          {!over && <small>{facts.join(' · ')}</small>}
        </div>
        {!over && (paused
          ? <Tool label={t('upload.resumeAll')} onClick={resumeAll}><IconPlayerPlay size={18} /></Tool>
          : <Tool label={t('upload.pauseAll')} onClick={pauseAll}><IconPlayerPause size={18} /></Tool>)}
        {sum.failed > 0 && <Tool label={t('upload.retryAll')} onClick={retryFailed}><IconRefresh size={18} /></Tool>}
        <Tool label={folded ? t('upload.unfold') : t('upload.fold')} expanded={!folded} onClick={() => setFolded(!folded)}>
          {folded ? <IconChevronUp size={18} /> : <IconChevronDown size={18} />}
        </Tool>
        <Tool label={over ? t('upload.close') : t('upload.cancelAll')} onClick={over && sum.failed === 0 ? clearDone : cancelAll}><IconX size={18} /></Tool>
      </div>
      <div className={css.bar} role="progressbar" aria-label={t('upload.label')} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} data-done={over || undefined}>
        <span style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
      <Notices />
      {!folded && <List />}
    </section>
  );
}

function List() {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const shown = items.filter((item) => item.state !== 'skipped');
  const rows = useVirtualizer({ count: shown.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 6 });
  return (
    <div ref={scroller} className={css.list} tabIndex={0} role="group" aria-label={t('upload.list')}>
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const item = shown[row.index];
          return item && <Line key={item.id} item={item} top={row.start} />;
        })}
      </ul>
    </div>
  );
}

function Line({ item, top }: { item: UploadItem; top: number }) {
  const { t, i18n } = useTranslation();
  const name = item.relative;
  const percent = item.file.size > 0 ? Math.floor((100 * item.sent) / item.file.size) : 0;
  const size = formatSize(item.file.size, i18n.language);
  const words: Record<UploadItem['state'], string> = {
    waiting: t('upload.state.waiting'), sending: t('upload.state.sending', { percent, size }), paused: t('upload.state.paused', { percent }),
    conflict: t('upload.state.conflict'), failed: item.error ?? '', signedOut: t('upload.state.signedOut'), done: size, skipped: '',
  };
  return (
    <li style={{ transform: `translateY(${top}px)`, height: rowHeight }} data-state={item.state}>
      <div className={css.what}>
        <span title={name}>{name}</span>
        <small title={item.error}>{words[item.state]}</small>
      </div>
      {(item.state === 'sending' || item.state === 'waiting') && <Tool label={t('upload.pause', { name })} onClick={() => pause(item)}><IconPlayerPause size={16} /></Tool>}
      {item.state === 'paused' && <Tool label={t('upload.resume', { name })} onClick={() => resume(item)}><IconPlayerPlay size={16} /></Tool>}
      {item.state === 'failed' && <Tool label={t('upload.retry', { name })} onClick={() => resume(item)}><IconRefresh size={16} /></Tool>}
      {item.state !== 'done' && <Tool label={t('upload.cancel', { name })} onClick={() => cancel(item)}><IconX size={16} /></Tool>}
      {item.state === 'sending' && <span className={css.thread} style={{ transform: `scaleX(${percent / 100})` }} />}
    </li>
  );
}

function Tool({ label, expanded, onClick, children }: { label: string; expanded?: boolean; onClick: () => void; children: ReactNode }) {
  return <button type="button" className={css.tool} aria-label={label} aria-expanded={expanded} title={label} onClick={onClick}>{children}</button>;
}
