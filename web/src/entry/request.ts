// Requests of the small pages that nobody is signed in to see.

/** What is wrong with one part of the request body. */
export interface FieldProblem {
  location: string;
  message: string;
}

/** The answer of the server, or why there is none. */
export type Answer =
  | { kind: 'ok'; body: unknown }
  | { kind: 'refused'; status: number; code: string; detail: string; fields: FieldProblem[] }
  | { kind: 'limited'; code: string; seconds: number }
  | { kind: 'unreachable' };

/** How long to wait before saying that the server does not answer. */
const patience = 30_000;

/** Asks the API; a body makes it a POST where nothing else is said. It never throws. */
export async function ask(path: string, body?: Record<string, unknown>, method = body ? 'POST' : 'GET'): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch('/api/v1' + path, {
      method,
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : null,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    return { kind: 'unreachable' };
  }
  if (response.ok) return { kind: 'ok', body: await json(response) };
  return refusalOf(response);
}

/** What an answer means that is not the one hoped for. */
export async function refusalOf(response: Response): Promise<Exclude<Answer, { kind: 'ok' }>> {
  const said = problem(await json(response));
  if (response.status === 429) return { kind: 'limited', code: said.code, seconds: retryAfter(response) };
  if (response.status >= 502 && response.status <= 504) return { kind: 'unreachable' };
  return { kind: 'refused', status: response.status, ...said };
}

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), 86_400) : 30;
}

function problem(parsed: unknown): { code: string; detail: string; fields: FieldProblem[] } {
  const record = recordOf(parsed);
  return {
    code: textOf(record.code),
    detail: asSentence(textOf(record.detail)),
    fields: listOf(record.errors).map(recordOf).map((field) => ({ location: textOf(field.location), message: asSentence(textOf(field.message)) })),
  };
}

/** The server's words begin small, as they may stand within others; alone they are a sentence. */
function asSentence(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** Parsed JSON as an object; what is none has no fields. */
export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Parsed JSON as a text; what is none is empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Parsed JSON as a list; what is none is empty. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Parsed JSON as a list of texts, without what is none. */
export function textsOf(value: unknown): string[] {
  return listOf(value).map(textOf).filter(Boolean);
}
