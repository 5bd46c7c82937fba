// Requests of the two pages that nobody is signed in to see.

/** What is wrong with one part of the request body. */
export interface FieldProblem {
  location: string;
  message: string;
}

/** The answer of the server, or why there is none. */
export type Answer =
  | { kind: 'ok'; body: unknown }
  | { kind: 'refused'; status: number; code: string; detail: string; fields: FieldProblem[] }
  | { kind: 'limited'; seconds: number }
  | { kind: 'unreachable' };

/** How long to wait before saying that the server does not answer. */
const patience = 30_000;

/** Asks the API; a body makes it a POST. It never throws. */
export async function ask(path: string, body?: Record<string, string>): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch('/api/v1' + path, {
      method: body ? 'POST' : 'GET',
      headers: body ? { 'Content-Type': 'application/json' } : {},
      body: body ? JSON.stringify(body) : null,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    return { kind: 'unreachable' };
  }
  const parsed = await json(response);
  if (response.ok) return { kind: 'ok', body: parsed };
  if (response.status === 429) return { kind: 'limited', seconds: retryAfter(response) };
  if (response.status >= 502 && response.status <= 504) return { kind: 'unreachable' };
  return { kind: 'refused', status: response.status, ...problem(parsed) };
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
  const record = isRecord(parsed) ? parsed : {};
  const fields = Array.isArray(record.errors) ? record.errors.filter(isRecord) : [];
  return {
    code: text(record.code),
    detail: text(record.detail),
    fields: fields.map((field) => ({ location: text(field.location), message: text(field.message) })),
  };
}

/** Narrows parsed JSON to an object. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
