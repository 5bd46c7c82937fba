// What people have beside a password: an authenticator app, and a key that
// Chromium plays.
import { createHmac } from 'node:crypto';
import { type CDPSession, type Page } from '@playwright/test';

const step = 30_000;

/** The steps whose code was typed already: each serves once. */
const spent = new Map<string, number>();

/**
 * The code that an authenticator app shows, of a step that was not used
 * before: the present one or, as a phone whose clock is a little fast would,
 * the next; null where both are used up.
 */
export function code(secret: string, now = Date.now()): string | null {
  const present = Math.floor(now / step);
  const next = Math.max(present, (spent.get(secret) ?? 0) + 1);
  if (next > present + 1) return null;
  spent.set(secret, next);
  return codeOf(secret, next);
}

function codeOf(secret: string, counter: number): string {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const sum = createHmac('sha1', fromBase32(secret)).update(message).digest();
  const at = (sum[19] ?? 0) & 15;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const letter of text.replace(/[\s=]/g, '').toUpperCase()) bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** A key that the browser of a page has. */
export class Key {
  private constructor(private readonly session: CDPSession, private readonly id: string) {}

  static async on(page: Page): Promise<Key> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    return new Key(session, authenticatorId);
  }

  /** Whether the finger is the right one. */
  async verifies(yes: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified: yes });
  }

  /** How many passkeys it keeps. */
  async count(): Promise<number> {
    return (await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id })).credentials.length;
  }
}
