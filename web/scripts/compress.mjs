// Writes a .br and a .gz beside every text file of the build, so that the server
// can hand out compressed bytes without compressing anything itself. Of assets
// only those are kept: the server unpacks for the few that take nothing else, and
// the binary is a tenth smaller.
import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const kinds = new Set(['.html', '.js', '.mjs', '.css', '.svg', '.json', '.txt', '.wasm', '.ttf']);

// Below this a header costs more than compression saves.
const smallest = 512;

const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !kinds.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const raw = await readFile(path);
  if (raw.length < smallest) continue;
  const [b, g] = await Promise.all([
    brotli(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }),
    gz(raw, { level: 9 }),
  ]);
  if (b.length < raw.length) await writeFile(`${path}.br`, b);
  if (g.length >= raw.length) continue;
  await writeFile(`${path}.gz`, g);
  if (basename(entry.parentPath) === 'assets') await unlink(path);
}
