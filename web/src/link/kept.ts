// What the window keeps of a link that was opened: its id, which opens nothing
// without the cookie. The address itself, which does, is not kept.

/** What follows /s/ in the address of a link; empty where nothing does. */
export function tokenOf(path: string): string {
  const token = /^\/s\/([^/]+)\/?$/.exec(path)?.[1] ?? '';
  try {
    return decodeURIComponent(token);
  } catch {
    return '';
  }
}

/** The name under which the id of a link is kept: a hash, so that no address is in it. */
export async function keyOf(token: string): Promise<string> {
  const bytes = new TextEncoder().encode('/s/' + token);
  // Browsers hash for pages behind TLS alone.
  const subtle = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle;
  const sum = subtle ? new Uint8Array(await subtle.digest('SHA-256', bytes)) : plainSum(bytes);
  return 'alveary-visit-' + [...sum.slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** FNV-1a, which tells addresses apart; it need not withstand anybody, for it stays in this window. */
function plainSum(bytes: Uint8Array): Uint8Array {
  const sum = new Uint8Array(16);
  for (let part = 0; part < 4; part++) {
    let hash = 0x811c9dc5 ^ part;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    new DataView(sum.buffer).setUint32(part * 4, hash >>> 0);
  }
  return sum;
}

/** The id of the link that was kept; empty where there is none. */
export function keptVisit(key: string): string {
  try {
    const id = sessionStorage.getItem(key) ?? '';
    return /^\d{1,20}$/.test(id) ? id : '';
  } catch {
    return '';
  }
}

/** Keeps the id of a link, or with an empty one forgets it. */
export function keepVisit(key: string, id: string): void {
  try {
    if (id) sessionStorage.setItem(key, id);
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is closed to this page: after a reload the link is opened anew.
  }
}
