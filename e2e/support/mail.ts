// A mail server for tests: it speaks SMTP over loopback, keeps what it is
// given and sends nothing on.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail as it came. */
export type Letter = { to: string; subject: string; text: string };

export class Sink {
  readonly letters: Letter[] = [];
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  /** What it answers to the sender in place of taking the mail. */
  refusal = '';

  private constructor() {
    this.#server = createServer((socket) => this.#talk(socket));
  }

  static async start(): Promise<Sink> {
    const sink = new Sink();
    await new Promise<void>((ready) => sink.#server.listen(0, '127.0.0.1', ready));
    return sink;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Those that came for an address, the latest last. */
  to(address: string): Letter[] {
    return this.letters.filter((letter) => letter.to === address);
  }

  stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return new Promise((done) => { this.#server.close(() => done()); });
  }

  #talk(socket: Socket): void {
    this.#open.add(socket);
    socket.setEncoding('utf8');
    socket.on('close', () => this.#open.delete(socket)).on('error', () => socket.destroy());
    const say = (line: string) => socket.write(`${line}\r\n`);
    let waiting = '';
    let to = '';
    let inMail = false;
    socket.on('data', (text: string) => {
      waiting += text;
      for (;;) {
        const end = waiting.indexOf(inMail ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + (inMail ? 5 : 2));
        if (inMail) {
          inMail = false;
          this.letters.push(read(to, line));
          say('250 kept');
          continue;
        }
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'MAIL' && this.refusal) say(this.refusal);
        else if (verb === 'QUIT') socket.end('221 bye\r\n');
        else if (verb === 'RCPT') {
          to = /<([^>]*)>/.exec(line)?.[1] ?? '';
          say('250 ok');
        } else if (verb === 'DATA') {
          inMail = true;
          say('354 go on');
        } else if (verb === 'EHLO') {
          say('250-sink');
          say('250 8BITMIME');
        } else say('250 ok');
      }
    });
    say('220 sink ready');
  }
}

/** Reads the plain text of a mail; what else it carries is of no use to tests. */
function read(to: string, raw: string): Letter {
  const [head = ''] = raw.split('\r\n\r\n', 1);
  const subject = /^subject: (.*(?:\r\n[ \t].*)*)/im.exec(head)?.[1]?.replace(/\r\n[ \t]/g, ' ') ?? '';
  const parts = raw.split(/^--[^\r\n]+\r\n/m);
  const plain = parts.find((part) => /content-type: text\/plain/i.test(part)) ?? raw;
  const gap = plain.indexOf('\r\n\r\n');
  const body = plain.slice(gap + 4);
  return { to, subject, text: /transfer-encoding: base64/i.test(plain) ? Buffer.from(body, 'base64').toString() : unquote(body) };
}

function unquote(text: string): string {
  const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
