// Calls by method and path, for doors that the description does not tell of yet.
import { answer, base, reach } from '../api/http';
import { whole } from '../api/whole';

type Query = Record<string, string | number | boolean | undefined>;

/** The answer of a call, with lists where it may say null. */
export async function call<T>(method: string, path: string, opts: { body?: unknown; query?: Query; signal?: AbortSignal } = {}): Promise<T> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(opts.query ?? {})) if (value !== undefined && value !== '') query.set(name, String(value));
  const tail = query.toString();
  const response = await reach(new Request(`${location.origin}${base}${path}${tail ? `?${tail}` : ''}`, {
    method, credentials: 'same-origin', signal: opts.signal ?? null,
    ...(opts.body === undefined ? {} : { body: JSON.stringify(opts.body), headers: { 'Content-Type': 'application/json' } }),
  }));
  const text = await response.text();
  let said: unknown;
  try {
    said = text === '' ? undefined : JSON.parse(text);
  } catch {
    // A proxy answered something else: the status stands alone.
  }
  return whole(await answer<T>(Promise.resolve(response.ok ? { data: said as T, response } : { error: said, response }))) as T;
}
