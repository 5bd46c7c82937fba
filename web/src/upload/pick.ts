// Files from the system's own chooser and from a drop.
import type { Node } from '../api/types';
import { type Picked, upload } from './queue';

/** Opens the chooser for files, or for a whole folder. */
export function pickFiles(parent: Node, folder: boolean): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = folder;
  input.addEventListener('change', () => {
    const picked = [...(input.files ?? [])].map((file) => ({ file, relative: file.webkitRelativePath || file.name }));
    void upload(parent, picked);
  });
  input.click();
}

export type Dropped = { files: Picked[]; emptyFolders: string[] };

/** A drag from outside of the page, as far as the browser lets one see before the drop. */
export function holdsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

/** The files and folders of a drop. Must be called while the drop is handled. */
export function readDrop(transfer: DataTransfer): Promise<Dropped> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file) loose.push(file);
    }
  }
  return walk(entries, loose);
}

async function walk(entries: FileSystemEntry[], loose: File[]): Promise<Dropped> {
  const dropped: Dropped = { files: loose.map((file) => ({ file, relative: file.name })), emptyFolders: [] };
  const visit = async (entry: FileSystemEntry): Promise<void> => {
    const relative = entry.fullPath.replace(/^\//, '');
    if (entry.isFile) {
      dropped.files.push({ file: await fileOf(entry as FileSystemFileEntry), relative });
      return;
    }
    const children = await childrenOf(entry as FileSystemDirectoryEntry);
    if (children.length === 0) dropped.emptyFolders.push(relative);
    for (const child of children) await visit(child);
  };
  for (const entry of entries) await visit(entry);
  return dropped;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((ok, no) => entry.file(ok, no));
}

// A reader hands out at most a hundred entries at a time, and an empty answer
// at the end.
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
