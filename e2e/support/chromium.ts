import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The system's Chromium, if it has one. */
export function chromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const file of folders.map((folder) => path.join(folder, 'chromium'))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // look further
    }
  }
  return undefined;
}
