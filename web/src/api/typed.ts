// Calls whose paths, parameters and answers are checked against the server's
// own description, with lists where it may say null.
import createClient from 'openapi-fetch';
import { answer, base, reach } from './http';
import type { paths } from './schema';
import { whole } from './whole';

export const http = createClient<paths>({ baseUrl: base, credentials: 'same-origin', fetch: reach });

/** Parameters of a path that names one thing. */
export const at = (id: string) => ({ params: { path: { id } } });

/** The answer of a call. */
export async function asked<T>(call: Parameters<typeof answer<T>>[0]) {
  return whole(await answer<T>(call));
}

/** The list that a call answers. */
export async function listed<T>(call: Parameters<typeof answer<{ items: T[] | null }>>[0]) {
  return (await asked(call)).items;
}

/** The end of a call that answers nothing. */
export async function done(call: Parameters<typeof answer>[0]): Promise<void> {
  await answer(call);
}
