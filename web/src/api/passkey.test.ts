import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from './passkey';

describe('bytes as text', () => {
  it.each([[[]], [[0]], [[255, 254]], [[251, 255, 191, 0, 1]]])('come back: %j', (bytes) => {
    const text = textOf(Uint8Array.from(bytes).buffer);
    expect(text).toMatch(/^[\w-]*$/);
    expect([...bytesOf(text)]).toEqual(bytes);
  });
});
