/**
 * Where to go after signing in: the `next` parameter if it is a path of this
 * very server, otherwise the start page. The address is returned whole and not
 * as a path, because a path such as `//elsewhere` (which `/.//elsewhere`
 * normalises to) would be read as another host.
 */
export function nextAddress(search: string, origin: string): string {
  const start = origin + '/';
  const wanted = new URLSearchParams(search).get('next');
  if (!wanted || !/^\/(?![/\\])/.test(wanted)) return start;
  try {
    const url = new URL(wanted, start);
    return url.origin === origin && url.pathname !== '/signin' ? url.href : start;
  } catch {
    return start;
  }
}
