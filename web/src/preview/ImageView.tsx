import { IconMaximize, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contentUrl } from '../api/client';
import type { Node } from '../api/types';
import { Bar, Tool } from './Bar';
import { Failed } from './Failed';
import css from './Preview.module.css';
import { useSize } from './useSize';
import { fitScale, hold, type Size, type View, zoomAt } from './zoom';

const step = 1.4;

/** A picture: whole at first; wheel, pinch and buttons go in, dragging moves it. */
export function ImageView({ node }: { node: Node }) {
  const { t, i18n } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const stage = useSize(place);
  const [picture, setPicture] = useState<Size>();
  const [failed, setFailed] = useState(false);
  // Nothing chosen means the whole picture, whatever the size of the window.
  const [chosen, setChosen] = useState<View>();
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const url = contentUrl(node.id, { inline: true });

  const fit = picture ? fitScale(picture, stage, node.mime === 'image/svg+xml' ? Infinity : 1) : 1;
  const view = picture && chosen ? hold(chosen, picture, stage) : { scale: fit, x: 0, y: 0 };
  const larger = view.scale > fit * 1.001;

  const zoom = useCallback((factor: number, point = { x: 0, y: 0 }) => {
    if (!picture) return;
    setChosen((now) => {
      const next = zoomAt(now ? hold(now, picture, stage) : { scale: fit, x: 0, y: 0 }, factor, point, fit);
      return next.scale <= fit * 1.001 && fit <= 1 ? undefined : next;
    });
  }, [picture, stage, fit]);

  const fromMiddle = (event: { clientX: number; clientY: number }) => {
    const box = place.current?.getBoundingClientRect();
    return box ? { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 } : { x: 0, y: 0 };
  };

  // React listens to the wheel passively; here the page must not scroll along.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      zoom(Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) / 250), fromMiddle(event));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [zoom]);

  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before || !picture) return;
    const now = fromMiddle(event);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other) {
      zoom(distance(now, other) / Math.max(1, distance(before, other)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
    } else if (larger) {
      setChosen(hold({ ...view, x: view.x + now.x - before.x, y: view.y + now.y - before.y }, picture, stage));
    }
  };
  const onPointerEnd = (event: PointerEvent) => pointers.current.delete(event.pointerId);

  if (failed) return <Failed node={node} url={url} text={t('preview.imageBroken')} />;
  return (
    <>
      <div
        ref={place} className={css.image} data-larger={larger || undefined}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          pointers.current.set(event.pointerId, fromMiddle(event));
        }}
        onPointerMove={onPointerMove} onPointerUp={onPointerEnd} onPointerCancel={onPointerEnd}
        onDoubleClick={(event) => (larger ? setChosen(undefined) : zoom(Math.max(1 / fit, 2), fromMiddle(event)))}
      >
        <img
          src={url} alt={node.name} draggable={false} data-ready={picture !== undefined || undefined}
          style={picture && { width: picture.width, height: picture.height, transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
          onLoad={(event) => setPicture({ width: event.currentTarget.naturalWidth || 300, height: event.currentTarget.naturalHeight || 300 })}
          onError={() => setFailed(true)}
        />
        {!picture && <p className={css.wait} role="status">{t('list.loading')}</p>}
      </div>
      {picture && (
        <Bar>
          <Tool icon={IconZoomOut} label={t('preview.zoomOut')} off={!larger && fit <= 1} onClick={() => zoom(1 / step)} />
          <output className={css.percent}>{new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(view.scale)}</output>
          <Tool icon={IconZoomIn} label={t('preview.zoomIn')} off={view.scale >= 16} onClick={() => zoom(step)} />
          <Tool icon={IconMaximize} label={t('preview.whole')} off={!larger} onClick={() => setChosen(undefined)} />
        </Bar>
      )}
    </>
  );
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
