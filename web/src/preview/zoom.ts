// The arithmetic of looking at a picture: how large, and which part of it.
// Offsets are those of the picture's centre from the middle of the stage.
export type Size = { width: number; height: number };
export type View = { scale: number; x: number; y: number };

/** How far one may go in, in picture pixels to screen pixels. */
const most = 16;

/** The scale at which the whole picture is seen; `cap` keeps small ones from being blown up. */
export function fitScale(picture: Size, stage: Size, cap: number): number {
  if (picture.width <= 0 || picture.height <= 0 || stage.width <= 0 || stage.height <= 0) return 1;
  return Math.min(cap, stage.width / picture.width, stage.height / picture.height);
}

/** Keeps the picture on the stage: centred where it is smaller, without a gap where it is larger. */
export function hold(view: View, picture: Size, stage: Size): View {
  const roomX = Math.max(0, (picture.width * view.scale - stage.width) / 2);
  const roomY = Math.max(0, (picture.height * view.scale - stage.height) / 2);
  return { scale: view.scale, x: within(view.x, -roomX, roomX), y: within(view.y, -roomY, roomY) };
}

/** Goes in or out by the factor so that what lies under the point stays there. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }, fit: number): View {
  const scale = within(view.scale * factor, Math.min(fit, 1), Math.max(most, fit));
  const by = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by };
}

function within(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
