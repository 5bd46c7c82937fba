import {
  IconFile, IconFileCode, IconFileMusic, IconFileSpreadsheet, IconFileText, IconFileTypePdf, IconFileTypography, IconFileWord,
  IconFileZip, IconFolderFilled, IconMovie, IconPhoto, IconPresentation, type TablerIcon,
} from '@tabler/icons-react';
import type { Kind } from './kinds';
import css from './KindIcon.module.css';

const icons: Record<Kind, TablerIcon> = {
  folder: IconFolderFilled,
  image: IconPhoto,
  pdf: IconFileTypePdf,
  text: IconFileText,
  audio: IconFileMusic,
  video: IconMovie,
  archive: IconFileZip,
  document: IconFileWord,
  sheet: IconFileSpreadsheet,
  slides: IconPresentation,
  code: IconFileCode,
  font: IconFileTypography,
  other: IconFile,
};

/** The icon of a kind of file; the word beside it carries the meaning. */
export function KindIcon({ kind, size = 20 }: { kind: Kind; size?: number }) {
  const Icon = icons[kind];
  return <Icon className={css.icon} data-kind={kind} size={size} stroke={1.5} aria-hidden />;
}
