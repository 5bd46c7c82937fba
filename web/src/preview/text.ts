// The beginning of a file as text.
import { problemOf, tellSignedOut, Unreachable } from '../api/http';

/** As much of a file as is shown. */
export const shownBytes = 1 << 20;

export type Text = { text: string; cut: boolean };

/** Reads the first part of the bytes at url; the rest is never asked for. */
export async function readText(url: string, signal: AbortSignal): Promise<Text> {
  const response = await get(url, `bytes=0-${shownBytes - 1}`, signal);
  if (response.status === 416) return { text: '', cut: false };
  const { bytes, more } = await first(response);
  const total = Number(/\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? bytes.length);
  const cut = more || total > bytes.length;
  return { text: decode(bytes, cut), cut };
}

/** Why bytes that an element failed to show cannot be had; undefined where they can. */
export async function refusalOf(url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await get(url, 'bytes=0-0', signal);
    await response.body?.cancel();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function get(url: string, range: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { Range: range }, credentials: 'same-origin', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Unreachable(error);
  }
  // An empty file has no first byte: that is no failure.
  if (response.ok || response.status === 416) return response;
  if (response.status === 401) tellSignedOut();
  throw await problemOf(response);
}

// A server that does not know ranges sends everything: stop listening in time.
async function first(response: Response): Promise<{ bytes: Uint8Array; more: boolean }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (!reader) return { bytes: new Uint8Array(), more: false };
  while (length <= shownBytes) {
    const { done, value } = await reader.read();
    if (done) return { bytes: join(parts, length), more: false };
    parts.push(value);
    length += value.length;
  }
  await reader.cancel();
  return { bytes: join(parts, length).subarray(0, shownBytes), more: true };
}

function join(parts: Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Text from bytes: by its byte order mark, else UTF-8, else the old Western encoding that takes anything. */
export function decode(bytes: Uint8Array, cut: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes, { stream: cut });
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes, { stream: cut });
  try {
    // Where the text was cut, half a character at its end is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
