// A folder as people have them: many files of many kinds in folders within
// folders, gathered from what the system has installed.
import { createHash } from 'node:crypto';
import { copyFile, mkdir, opendir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

const documents = path.resolve(import.meta.dirname, '../../demo/documents');

// Where to look, and for what; how many of a kind are enough.
const sources = ['/usr/share/pixmaps', '/usr/share/icons', '/usr/share/fonts', '/usr/share/doc', '/usr/share/common-licenses', '/usr/share/mime', '/usr/share/perl', '/usr/lib/python3', '/usr/include'];
const kinds: Record<string, { wanted: number; is: RegExp }> = {
  Pictures: { wanted: 50, is: /\.(png|jpe?g|gif|xpm|webp)$/i },
  Drawings: { wanted: 25, is: /\.svg$/i },
  Fonts: { wanted: 10, is: /\.(ttf|otf|woff2?)$/i },
  Papers: { wanted: 4, is: /\.pdf$/i },
  Pages: { wanted: 25, is: /\.(html?|xml)$/i },
  Notes: { wanted: 60, is: /(^|\/)(copyright|README[^/]*|NEWS|AUTHORS|[^/]+\.(txt|md|rst))$/i },
  Packed: { wanted: 30, is: /\.(gz|zip|bz2|xz)$/i },
  Sources: { wanted: 40, is: /\.(py|pl|pm|h|js|css|sh|conf|json|ya?ml)$/i },
};
const largest = 2 << 20;
const mostSeen = 60_000;

/** Lists what is beneath a folder, links left out. */
async function* walk(folder: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await opendir(folder);
  } catch {
    return; // not installed here
  }
  for await (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(full);
    else if (entry.isFile()) yield full;
  }
}

/** Fills a new folder and says by path what is in it, as digests. */
export async function gather(target: string): Promise<Map<string, string>> {
  const found = new Map<string, string[]>(Object.keys(kinds).map((kind) => [kind, []]));
  let seen = 0;
  for (const source of [documents, ...sources]) {
    for await (const file of walk(source)) {
      if (++seen > mostSeen) break;
      for (const [kind, { wanted, is }] of Object.entries(kinds)) {
        const list = found.get(kind) ?? [];
        if (list.length < wanted && is.test(file) && !list.some((one) => path.dirname(one) === path.dirname(file) && list.length > wanted / 2)) {
          list.push(file);
          break;
        }
      }
    }
  }
  for (const [kind, files] of found) {
    for (const file of files) {
      const { size } = await stat(file);
      if (size > largest) continue;
      const place = path.join(target, kind, path.basename(path.dirname(file)), path.basename(file));
      await mkdir(path.dirname(place), { recursive: true });
      await copyFile(await realpath(file), place);
    }
  }
  await oddities(target);
  return digests(target);
}

/** Names and sizes that real folders have too, sooner or later. */
async function oddities(target: string): Promise<void> {
  const deep = path.join(target, 'Été 2026', 'a', 'b', 'c', 'd', 'e');
  await mkdir(deep, { recursive: true });
  await mkdir(path.join(target, 'Nothing in it'));
  await writeFile(path.join(deep, '100 % & more #1 + ünïcode 蜂蜜?.txt'), 'A name that has to be escaped.\n');
  await writeFile(path.join(target, 'Empty file'), '');
  await writeFile(path.join(target, 'Film.bin'), Buffer.alloc(12 << 20, 'thirteen bytes'));
}

/** The SHA-256 of every file beneath a folder, by its path from there. */
export async function digests(folder: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = path.join(entry.parentPath, entry.name);
    all.set(path.relative(folder, full), digest(await readFile(full)));
  }
  return all;
}

export function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
