// Draws a QR code from the rows of squares that the server made of it.

const space = 'http://www.w3.org/2000/svg';

/** Squares of quiet around a code, without which cameras do not find it. */
const quiet = 4;

/** A code of rows such as "0110", where 1 is dark: always dark on light, as cameras want it. */
export function qrCode(rows: readonly string[], label: string): SVGSVGElement {
  const svg = document.createElementNS(space, 'svg');
  const size = String(rows.length + 2 * quiet);
  for (const [name, value] of [['viewBox', `0 0 ${size} ${size}`], ['class', 'qr'], ['role', 'img'], ['aria-label', label], ['shape-rendering', 'crispEdges']]) {
    svg.setAttribute(name ?? '', value ?? '');
  }
  const ground = document.createElementNS(space, 'rect');
  ground.setAttribute('width', size);
  ground.setAttribute('height', size);
  ground.setAttribute('fill', '#fff');
  const dark = document.createElementNS(space, 'path');
  dark.setAttribute('d', rows.map((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + quiet} ${y + quiet}h${run[0].length}v1h-${run[0].length}z`).join('')).join(''));
  svg.append(ground, dark);
  return svg;
}
