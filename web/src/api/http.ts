// How a call ends: with its answer, with what the server said against it, or
// with no answer at all.
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

const retryAfter = (response: Response) => Number(response.headers.get('Retry-After') ?? 0) || 0;

/** The error an answer stands for. */
export async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {};
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // A proxy or a dying server answered something else: the status stands alone.
  }
  return new ApiError(response.status, problem, retryAfter(response));
}

const signedOutListeners = new Set<() => void>();

/** Hears of every answer that says the session has ended. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function tellSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

type Prover = () => Promise<boolean>;
let prover: Prover | undefined;

/** Names who asks the person to confirm that it is her, and answers whether she did. */
export function provedBy(one: Prover | undefined): void {
  prover = one;
}

// What may be sent a second time: what is small enough to be kept until then.
const kept = /^(?:application\/(?:[\w.-]+\+)?json|text\/csv)\b/;
const repeatable = (request: Request) => kept.test(request.headers.get('Content-Type') ?? 'application/json');

/**
 * Sends a request; a broken line becomes Unreachable, whatever the browser
 * calls it. Where the server asks for a fresh sign-in first, the person is
 * asked, and then the same request is sent again.
 */
export async function reach(request: Request): Promise<Response> {
  const again = prover && repeatable(request) ? request.clone() : undefined;
  const response = await sent(request);
  if (response.status !== 403 || !again || !prover) return response;
  const { code } = await problemOf(response.clone());
  return code === 'not-fresh' && (await prover()) ? sent(again) : response;
}

async function sent(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable(error);
  }
}

// A 401 that is about what was typed, not about the session.
const mistyped = new Set(['wrong-credentials', 'wrong-code', 'captcha']);

type Ending<T> = { data?: T; error?: unknown; response: Response };

/** The answer of a call, or the error it ended with. */
export async function answer<T>(call: Promise<Ending<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  const problem = new ApiError(response.status, typeof error === 'object' && error !== null ? error : {}, retryAfter(response));
  if (problem.status === 401 && !mistyped.has(problem.code)) tellSignedOut();
  throw problem;
}
