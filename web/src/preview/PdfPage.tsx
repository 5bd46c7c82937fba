import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { calledOff, TextLayer } from './pdf';
import css from './Pdf.module.css';
import type { Size } from './zoom';

// More pixels than this a page is not drawn with: some phones refuse, all slow down.
const mostPixels = 12_000_000;

type Props = {
  doc: PDFDocumentProxy;
  number: number;
  /** The size to keep free until the page itself is known. */
  guess: Size;
  scale: number;
};

/** One page: a blank of its size, and the drawing while it is near the view. */
export function PdfPage({ doc, number, guess, scale }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const paper = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [page, setPage] = useState<PDFPageProxy>();
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      root: element.parentElement,
      rootMargin: '100% 0px',
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!near || page) return;
    let gone = false;
    doc.getPage(number).then((loaded) => {
      if (!gone) setPage(loaded);
    }, () => {
      if (!gone) setFailed(true);
    });
    return () => {
      gone = true;
    };
  }, [near, page, doc, number]);

  useEffect(() => {
    const sheet = paper.current;
    if (!near || !page || !sheet) return;
    const viewport = page.getViewport({ scale: scale * sharpness(page, scale) });
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width);
    canvas.height = Math.floor(viewport.height);
    canvas.setAttribute('aria-hidden', 'true');
    const drawing = page.render({ canvas, viewport });
    let gone = false;
    drawing.promise.then(() => {
      // The old drawing stays, stretched, until the new one is there.
      if (!gone) sheet.replaceChildren(canvas);
    }, (error: unknown) => {
      if (!gone && !calledOff(error)) setFailed(true);
    });
    return () => {
      gone = true;
      drawing.cancel();
    };
  }, [near, page, scale]);

  useEffect(() => {
    const container = words.current;
    const sheet = paper.current;
    if (!near || !page || !container) return;
    // The text lies unseen over the drawing, to be selected and read aloud.
    const layer = new TextLayer({ textContentSource: page.streamTextContent(), container, viewport: page.getViewport({ scale: 1 }) });
    layer.render().catch(() => undefined);
    return () => {
      layer.cancel();
      container.replaceChildren();
      sheet?.replaceChildren();
    };
  }, [near, page]);

  const size = page ? page.getViewport({ scale: 1 }) : guess;
  const style = { width: Math.floor(size.width * scale), height: Math.floor(size.height * scale), '--total-scale-factor': scale } as CSSProperties;
  return (
    <div ref={place} className={css.page} style={style} role="group" aria-label={t('preview.pageNumber', { number, pages: doc.numPages })}>
      <div ref={paper} className={css.paper} />
      <div ref={words} className={css.words} />
      {failed && <p className={css.bad}>{t('preview.pageBroken', { number })}</p>}
    </div>
  );
}

/** Drawn pixels to screen pixels: the screen's own ratio as far as the size allows. */
function sharpness(page: PDFPageProxy, scale: number): number {
  const { width, height } = page.getViewport({ scale });
  return Math.min(window.devicePixelRatio || 1, Math.sqrt(mostPixels / (width * height)));
}
