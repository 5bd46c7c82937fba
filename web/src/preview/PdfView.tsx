import { Button, PasswordInput } from '@mantine/core';
import { IconArrowAutofitWidth, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import type { PDFDocumentProxy } from 'pdfjs-dist';
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contentUrl } from '../api/client';
import type { Node } from '../api/types';
import { Bar, Tool } from './Bar';
import { Failed } from './Failed';
import { openPdf } from './pdf';
import { PdfPage } from './PdfPage';
import css from './Pdf.module.css';
import shared from './Preview.module.css';
import { useSize } from './useSize';
import type { Size } from './zoom';

type State =
  | { kind: 'waiting' }
  | { kind: 'locked'; again: boolean; answer: (password: string) => void }
  | { kind: 'failed' }
  | { kind: 'open'; doc: PDFDocumentProxy; size: Size };

/** A PDF as a list of pages, drawn as they come into view. */
export default function PdfView({ node }: { node: Node }) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>({ kind: 'waiting' });
  const url = contentUrl(node.id, { inline: true });

  useEffect(() => {
    let gone = false;
    const { document, close } = openPdf(url, (answer, again) => {
      if (!gone) setState({ kind: 'locked', again, answer });
    });
    const open = async () => {
      const doc = await document;
      const { width, height } = (await doc.getPage(1)).getViewport({ scale: 1 });
      if (!gone) setState({ kind: 'open', doc, size: { width, height } });
    };
    open().catch(() => {
      if (!gone) setState({ kind: 'failed' });
    });
    return () => {
      gone = true;
      close();
    };
  }, [url]);

  switch (state.kind) {
    case 'waiting': return <p className={shared.wait} role="status">{t('list.loading')}</p>;
    case 'failed': return <Failed node={node} url={url} text={t('preview.pdfBroken')} />;
    case 'locked': return <Locked again={state.again} onPassword={(password) => { setState({ kind: 'waiting' }); state.answer(password); }} />;
    case 'open': return <Pages doc={state.doc} first={state.size} name={node.name} />;
  }
}

function Locked({ again, onPassword }: { again: boolean; onPassword: (password: string) => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password) onPassword(password);
  };
  return (
    <form className={css.locked} onSubmit={submit}>
      <PasswordInput
        label={t('preview.pdfPassword')} error={again && t('preview.pdfPasswordWrong')} value={password} autoComplete="off" data-autofocus autoFocus
        visibilityToggleButtonProps={{ 'aria-label': t('entry.show') }} onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button type="submit">{t('preview.pdfOpen')}</Button>
    </form>
  );
}

// A page is shown at most at this many screen pixels to the point, until one goes in.
const comfortable = 1.5;
const step = 1.25;
const margin = 16;
const zooms = { least: 0.4, most: 5 };

function Pages({ doc, first, name }: { doc: PDFDocumentProxy; first: Size; name: string }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const room = useSize(list);
  const [zoom, setZoom] = useState(1);
  const [page, setPage] = useState(1);
  const fit = room.width > 0 ? Math.min(comfortable, (room.width - 2 * margin) / first.width) : 0;
  const scale = fit * zoom;

  // What is looked at stays in view when everything around it grows.
  const before = useRef(scale);
  useLayoutEffect(() => {
    const place = list.current;
    if (place && before.current > 0 && before.current !== scale) {
      const middle = place.clientHeight / 2;
      place.scrollTop = (place.scrollTop + middle) * (scale / before.current) - middle;
      place.scrollLeft = (place.scrollWidth - place.clientWidth) / 2;
    }
    before.current = scale;
  }, [scale]);

  useEffect(() => {
    // The keys that scroll should do so without a click into the page first.
    list.current?.focus({ preventScroll: true });
  }, []);

  const onScroll = () => {
    const place = list.current;
    if (place) setPage(pageAt(place.children, place.scrollTop + place.clientHeight / 3));
  };
  const goTo = (number: number) => {
    const target = list.current?.children[number - 1];
    if (target instanceof HTMLElement) list.current?.scrollTo({ top: target.offsetTop - margin });
  };
  const change = (by: number) => setZoom((now) => Math.min(zooms.most, Math.max(zooms.least, now * by)));

  return (
    <>
      <div ref={list} className={css.list} tabIndex={0} role="region" aria-label={t('preview.content', { name })} onScroll={onScroll}>
        {scale > 0 && Array.from({ length: doc.numPages }, (_, i) => <PdfPage key={i} doc={doc} number={i + 1} guess={first} scale={scale} />)}
      </div>
      <Bar>
        <Tool icon={IconZoomOut} label={t('preview.zoomOut')} off={zoom <= zooms.least} onClick={() => change(1 / step)} />
        <Tool icon={IconZoomIn} label={t('preview.zoomIn')} off={zoom >= zooms.most} onClick={() => change(step)} />
        <Tool icon={IconArrowAutofitWidth} label={t('preview.fit')} off={zoom === 1} onClick={() => setZoom(1)} />
        <PageNumber page={page} pages={doc.numPages} onGo={goTo} />
      </Bar>
    </>
  );
}

function PageNumber({ page, pages, onGo }: { page: number; pages: number; onGo: (page: number) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const go = (event: FormEvent) => {
    event.preventDefault();
    const wanted = Number(typed);
    if (Number.isInteger(wanted)) onGo(Math.min(pages, Math.max(1, wanted)));
    setTyped(undefined);
  };
  return (
    <form className={css.number} onSubmit={go}>
      <input
        inputMode="numeric" aria-label={t('preview.page', { pages })} value={typed ?? String(page)} style={{ width: `${String(pages).length + 2}ch` }}
        onFocus={(event) => event.currentTarget.select()} onChange={(event) => setTyped(event.currentTarget.value)} onBlur={() => setTyped(undefined)}
      />
      <span aria-hidden>/ {pages}</span>
    </form>
  );
}

/** The number of the page that lies at this height of the list. */
export function pageAt(pages: ArrayLike<unknown>, height: number): number {
  let low = 0;
  let high = pages.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pages[middle] as HTMLElement).offsetTop <= height) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}
