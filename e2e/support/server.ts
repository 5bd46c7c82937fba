// The server under test: the real binary on a data folder of its own, over TLS
// with the certificate it makes itself.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const binary = path.resolve(import.meta.dirname, '../../bin/alveary');

/** The password of everyone in the sample organisation. */
export const password = 'honey-and-smoke';

export class Server {
  /** Where it is, without a slash at the end. */
  url = '';
  /** The set-up link of an installation without an administrator. */
  setupLink = '';
  #child?: ChildProcess;
  #said = '';
  #errors = '';
  private constructor(readonly home: string, private readonly flags: string[]) {}

  get data(): string {
    return path.join(this.home, 'data');
  }

  /**
   * A server on a new data folder, with the sample organisation inside where
   * asked. One that is `plain` speaks HTTP: no browser uses passkeys behind a
   * certificate that nobody vouches for. One that is `known` knows its own
   * address, which letters need.
   */
  static async start({ demo = false, plain = false, known = false } = {}): Promise<Server> {
    if (!existsSync(binary)) throw new Error(`${binary} is not there: make build comes before the browser tests`);
    const server = new Server(await mkdtemp(path.join(tmpdir(), 'alveary-e2e-')), plain ? ['--insecure-http'] : []);
    if (demo) await server.command('demo');
    if (known) {
      server.url = `${plain ? 'http' : 'https'}://localhost:${await freePort()}`;
      server.flags.push('--public-url', server.url);
    }
    await server.up();
    return server;
  }

  /** Runs a command on the server's own machine and returns what it printed. */
  async command(...args: string[]): Promise<string> {
    const { stdout } = await run(binary, [...args, '--data', this.data], { env: this.#env() });
    return stdout;
  }

  /** A token that lets a program act as somebody. */
  async token(login: string): Promise<string> {
    const said = await this.command('token', 'create', '--user', login, '--label', 'e2e');
    const token = /alv_\S+/.exec(said)?.[0];
    if (!token) throw new Error(`no token in ${JSON.stringify(said)}`);
    return token;
  }

  // Nothing that is set for the person who runs the tests may reach the binary.
  #env(): NodeJS.ProcessEnv {
    const rest = Object.entries(process.env).filter(([key]) => !key.startsWith('ALVEARY_'));
    return { ...Object.fromEntries(rest), HOME: this.home };
  }

  /** Starts the process, on the port it had before if there was one. */
  async up(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const child = spawn(binary, ['serve', '--data', this.data, '--listen', `localhost:${port}`, ...this.flags], { env: this.#env(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    // A test that fails may leave before it stops its server.
    const leave = () => child.kill('SIGKILL');
    process.once('exit', leave);
    child.once('exit', () => process.off('exit', leave));
    this.#said = '';
    child.stderr.on('data', (text: Buffer) => { this.#errors = (this.#errors + text).slice(-10_000); });
    await new Promise<void>((ready, failed) => {
      child.once('error', failed);
      child.once('exit', (code, signal) => failed(new Error(`the server ended with ${code ?? signal}: ${this.#errors}`)));
      child.stdout.on('data', (text: Buffer) => {
        this.#said += text;
        if (this.#said.includes(this.flags.includes('--insecure-http') ? 'Alveary serves' : 'self-signed')) ready();
      });
    });
    this.url = /Alveary serves (\S+)/.exec(this.#said)?.[1] ?? '';
    this.setupLink = /^\s+(https?:\S+\/setup#\S+)$/m.exec(this.#said)?.[1] ?? '';
  }

  /** Ends the process without a warning; what it was doing stays undone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends the server and takes its data away. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await rm(this.home, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await ended;
  }
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done) => {
    server.listen(0, 'localhost', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}
