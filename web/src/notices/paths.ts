// Where notices lead. What they say, the server says in the reader's language.
import { cellPath, filesPath, linkPath, requestsPath, sharedPath } from '../app/paths';
import type { Notice } from './types';

/** Where a notice leads; undefined where what it was about is gone. */
export function noticePath(notice: Notice): string | undefined {
  if (notice.kind === 'asked') return requestsPath;
  if (notice.kind === 'review') return sharedPath('by-me');
  if (notice.kind === 'answered') return notice.node?.path ? filesPath(notice.node.path) : requestsPath;
  if (notice.kind === 'uploaded' && notice.node?.path) return filesPath(notice.node.path);
  if (notice.cell) return notice.cell.kind === 'link' ? linkPath(notice.cell.id) : cellPath(notice.cell.id);
  return notice.node?.path ? filesPath(notice.node.path) : undefined;
}
