// The Tab key goes round within a place that lies over the whole page.
const reachable = 'a[href], button, input, audio, video, [tabindex="0"]';

/** Where Tab should go instead of leaving the place; undefined where it stays inside by itself. */
export function turnBack(place: HTMLElement, from: Element | null, back: boolean): HTMLElement | undefined {
  const stops = [...place.querySelectorAll<HTMLElement>(reachable)].filter((one) => one.tabIndex >= 0 && one.checkVisibility());
  if (from && place.contains(from) && stops.some((stop) => stop !== from && lies(stop, from, back))) return undefined;
  return back ? stops[stops.length - 1] : stops[0];
}

function lies(stop: Node, from: Node, before: boolean): boolean {
  return (from.compareDocumentPosition(stop) & (before ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING)) !== 0;
}
