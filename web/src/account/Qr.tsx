import css from './Account.module.css';

/** Squares of quiet around a code, without which cameras do not find it. */
const quiet = 4;

/** The dark squares of the rows as one path, stretch by stretch. */
export function squares(rows: readonly string[]): string {
  return rows.map((row, y) => [...row.matchAll(/1+/g)].map((dark) => `M${dark.index + quiet} ${y + quiet}h${dark[0].length}v1h-${dark[0].length}z`).join('')).join('');
}

/** A QR code, dark on light whatever the colours of the page, as cameras want it. */
export function Qr({ rows, label }: { rows: readonly string[]; label: string }) {
  const size = rows.length + 2 * quiet;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className={css.qr} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={squares(rows)} fill="#000" />
    </svg>
  );
}
