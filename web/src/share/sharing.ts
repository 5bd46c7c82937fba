// What may be shared how, of several nodes together.
import type { RefObject } from 'react';
import type { Sharing, Term } from './types';

const open: Sharing = { cells: true, fileLinks: true, folderLinks: true, external: true, password: false, slugs: true, days: 0, downloads: 0, upload: 0, characters: 0, give: ['read', 'write'], policies: [], why: {} };
const lesser = (a: number, b: number) => (a === 0 || (b !== 0 && b < a) ? b : a);

/** What holds for all of them: the narrowest of each term, with the reason of whoever refuses first. */
export function together(all: readonly Sharing[]): Sharing {
  const [first, ...rest] = all;
  if (!first) return open;
  return rest.reduce((a, b) => ({
    cells: a.cells && b.cells, fileLinks: a.fileLinks && b.fileLinks, folderLinks: a.folderLinks && b.folderLinks, external: a.external && b.external, slugs: a.slugs && b.slugs,
    password: a.password || b.password, days: lesser(a.days, b.days), downloads: lesser(a.downloads, b.downloads), upload: lesser(a.upload, b.upload), characters: Math.max(a.characters, b.characters),
    give: a.give.filter((right) => b.give.includes(right)), policies: a.policies.filter((one) => b.policies.some(({ id }) => id === one.id)), why: { ...b.why, ...a.why },
  }), first);
}

/** Whether a link may be made on a file or folder, and if not, which term says so. */
export function linkRefused(sharing: Sharing, folder: boolean): Term | undefined {
  if (folder) return sharing.folderLinks ? undefined : 'folderLinks';
  return sharing.fileLinks ? undefined : 'fileLinks';
}

/** Goes to the first field of a form that is wrong, once it says so: it may be out of sight. */
export function showWrong(form: RefObject<HTMLFormElement | null>): void {
  setTimeout(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
