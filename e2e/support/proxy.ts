// A line that breaks: it passes bytes on and cuts connections when it is told to.
import { createServer, connect, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';

export class Line {
  readonly #open = new Set<Socket>();
  readonly #server: NetServer;
  /** How often a connection was cut. */
  cuts = 0;

  private constructor(to: number) {
    this.#server = createServer((near) => {
      const far = connect(to, '127.0.0.1');
      this.#open.add(near);
      const end = () => {
        this.#open.delete(near);
        near.destroy();
        far.destroy();
      };
      near.on('error', end).on('close', end);
      far.on('error', end).on('close', end);
      near.pipe(far);
      far.pipe(near);
    });
  }

  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    await new Promise<void>((ready) => line.#server.listen(0, '127.0.0.1', ready));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Cuts one of the open connections, as a bad line does: in the middle of a word. */
  cut(pick: number): void {
    const victim = [...this.#open][Math.floor(pick * this.#open.size)];
    if (!victim) return;
    this.cuts++;
    victim.resetAndDestroy();
  }

  close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((done) => { this.#server.close(() => done()); });
  }
}
