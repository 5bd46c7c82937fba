// The way back from the sign-in page to a public link that asked for it. It is
// kept in the window, for the address of a link is a secret and would end up
// in logs and in the history if it rode in another address.
const key = 'alveary-back';

/** For how long somebody who was sent to sign in is led back. */
const patience = 15 * 60_000;

/** The only addresses that one is led back to. */
const link = /^\/s\/[A-Za-z0-9_-]{1,128}$/;

/** Has the sign-in page lead back to a link; false where the window keeps nothing. */
export function keepBack(path: string, now = Date.now()): boolean {
  if (!link.test(path)) return false;
  try {
    sessionStorage.setItem(key, `${now} ${path}`);
    return true;
  } catch {
    return false;
  }
}

/** The whole address of the link to be led back to, once; empty where there is none. */
export function takeBack(origin: string, now = Date.now()): string {
  let kept: string | null = null;
  try {
    kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
  } catch {
    // Storage is closed to this page: there is no way back.
  }
  const [, since, path = ''] = /^(\d+) (.*)$/.exec(kept ?? '') ?? [];
  const age = now - Number(since);
  return link.test(path) && age >= 0 && age <= patience ? origin + path : '';
}
