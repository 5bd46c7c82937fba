import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from './zoom';

/** The inner size of an element, followed as it changes. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const place = element.current;
    if (!place) return;
    const measure = () => setSize({ width: place.clientWidth, height: place.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(place);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return size;
}
