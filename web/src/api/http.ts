// One request to the API and the error it can end with.
export const base = '/api/v1';

export type FieldError = { location?: string; message?: string; value?: unknown };
type Problem = { title?: string; detail?: string; code?: string; errors?: FieldError[] | null; missing?: string[] | null };

/** What the server answered instead of what was asked; `message` is the sentence to show. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  /** Seconds to wait, from Retry-After; 0 where none was given. */
  readonly retryAfter: number;

  constructor(status: number, problem: Problem, retryAfter = 0) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? '';
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** No answer at all: the network or the server is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause });
    this.name = 'Unreachable';
  }
}

/** The error an answer stands for. */
export async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {};
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // A proxy or a dying server answered something else: the status stands alone.
  }
  return new ApiError(response.status, problem, Number(response.headers.get('Retry-After') ?? 0) || 0);
}

export type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  body?: BodyInit;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

const signedOutListeners = new Set<() => void>();

/** Hears of every answer that says the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

/** Sends one request; the answer's JSON, or undefined where it has no body. */
export async function request<T>(path: string, call: Call = {}): Promise<T> {
  const url = new URL(base + path, location.origin);
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const headers: Record<string, string> = { Accept: 'application/json', ...call.headers };
  let body = call.body;
  if (call.json !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(call.json);
  }
  let response: Response;
  try {
    response = await fetch(url, { method: call.method ?? 'GET', headers, body, signal: call.signal, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(error);
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && problem.code !== 'wrong-credentials') tellSignedOut();
    throw problem;
  }
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}
