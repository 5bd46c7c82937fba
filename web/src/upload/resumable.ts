// One file in resumable pieces, over tus 1.0. The library does the protocol;
// this turns its answers into ours.
import { type DetailedError, Upload } from 'tus-js-client';
import { api, uploadsUrl } from '../api/client';
import { ApiError, Unreachable } from '../api/http';
import type { Conflict } from '../api/types';

/** Up to this size one plain request is cheaper than a resumable upload. */
export const smallest = 1 << 20;

// Each piece is one request that the server acknowledges on disk.
const piece = 16 << 20;

// The line may be away for a while; the server keeps the pieces for longer.
const delays = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000, 30_000, 30_000];

type Problem = { code?: string; detail?: string; title?: string };

function problemIn(error: DetailedError): ApiError | undefined {
  const status = error.originalResponse?.getStatus() ?? 0;
  if (status === 0) return undefined;
  let problem: Problem = {};
  try {
    problem = JSON.parse(error.originalResponse?.getBody() ?? '{}') as Problem;
  } catch {
    // Not one of our own answers: the status stands alone.
  }
  return new ApiError(status, problem);
}

function worthAnother(problem: ApiError | undefined): boolean {
  if (!problem) return true;
  if (problem.status === 409) return problem.code !== 'name-exists';
  return problem.status === 423 || problem.status === 429 || (problem.status >= 500 && problem.status !== 507);
}

export class Resumable {
  /** Every byte is with the server; only its name is missing. */
  complete = false;
  private upload?: Upload;
  private conflict: Conflict = 'fail';
  private reject?: (reason: unknown) => void;

  constructor(
    private readonly file: File,
    private readonly parent: string,
    private readonly relative: string,
    private readonly onSent: (bytes: number) => void,
  ) {}

  /** Something of it may be with the server already. */
  get begun(): boolean {
    return this.upload !== undefined;
  }

  /** Sends what is still missing. Rejects with ApiError, Unreachable, or when stopped. */
  async send(conflict: Conflict): Promise<void> {
    if (!this.upload || conflict !== this.conflict) {
      this.conflict = conflict;
      this.upload = this.make(conflict);
      const [before] = await this.upload.findPreviousUploads();
      if (before) this.upload.resumeFromPreviousUpload(before);
    }
    await new Promise<void>((ok, no) => {
      this.reject = no;
      const upload = this.upload;
      if (!upload) return;
      upload.options.onSuccess = ({ lastResponse }) => {
        // An upload that was complete before it was resumed may still lack its name.
        if (lastResponse.getHeader('Alveary-Node')) ok();
        else this.settle(conflict).then(ok, no);
      };
      upload.options.onError = (error) => {
        const problem = problemIn(error as DetailedError);
        this.complete = problem?.code === 'name-exists' && upload.url !== null;
        no(problem ?? new Unreachable(error));
      };
      upload.start();
    });
  }

  /** Gives a complete upload its name after all. */
  async finish(conflict: Conflict): Promise<void> {
    if (this.upload?.url) await api.finishUpload(this.upload.url, conflict);
  }

  private async settle(conflict: Conflict): Promise<void> {
    try {
      await this.finish(conflict);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'changed') return; // it has its name, unseen by us
      this.complete = error instanceof ApiError && error.code === 'name-exists';
      throw error;
    }
  }

  stop(): void {
    void this.upload?.abort();
    this.reject?.(new DOMException('stopped', 'AbortError'));
  }

  /** Lets the server throw away what it has of it. */
  forget(): void {
    void this.upload?.abort(true).catch(() => undefined);
  }

  private make(conflict: Conflict): Upload {
    const { file, parent, relative } = this;
    const metadata: Record<string, string> = {
      parent, name: relative.slice(relative.lastIndexOf('/') + 1), mtime: new Date(file.lastModified).toISOString(), conflict,
    };
    if (relative.includes('/')) metadata.relative = relative;
    return new Upload(file, {
      endpoint: uploadsUrl,
      chunkSize: piece,
      retryDelays: delays,
      metadata,
      fingerprint: () => Promise.resolve(['alveary', parent, relative, file.size, file.lastModified, conflict].join('|')),
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => worthAnother(problemIn(error)),
      onProgress: (sent) => this.onSent(sent),
    });
  }
}
