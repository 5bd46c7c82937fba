import { describe, expect, it } from 'vitest';
import { fitScale, hold, zoomAt } from './zoom';

const stage = { width: 1000, height: 500 };

describe('a picture on the stage', () => {
  it('fits by its longer side and is not blown up', () => {
    expect(fitScale({ width: 2000, height: 500 }, stage, 1)).toBe(0.5);
    expect(fitScale({ width: 100, height: 1000 }, stage, 1)).toBe(0.5);
    expect(fitScale({ width: 10, height: 10 }, stage, 1)).toBe(1);
    expect(fitScale({ width: 10, height: 10 }, stage, Infinity)).toBe(50);
    expect(fitScale({ width: 0, height: 0 }, stage, 1)).toBe(1);
  });

  it('leaves no gap at an edge and stays centred where it is smaller', () => {
    expect(hold({ scale: 1, x: 900, y: 900 }, { width: 1200, height: 400 }, stage)).toEqual({ scale: 1, x: 100, y: 0 });
  });

  it('keeps what is under the pointer there', () => {
    const point = { x: 200, y: -50 };
    const before = { scale: 1, x: 30, y: 10 };
    const after = zoomAt(before, 2, point, 0.5);
    expect(after.scale).toBe(2);
    expect((point.x - after.x) / after.scale).toBeCloseTo((point.x - before.x) / before.scale);
    expect((point.y - after.y) / after.scale).toBeCloseTo((point.y - before.y) / before.scale);
  });

  it('goes neither below the fit nor beyond sixteen times', () => {
    expect(zoomAt({ scale: 0.6, x: 0, y: 0 }, 0.1, { x: 0, y: 0 }, 0.5).scale).toBe(0.5);
    expect(zoomAt({ scale: 10, x: 0, y: 0 }, 10, { x: 0, y: 0 }, 0.5).scale).toBe(16);
    expect(zoomAt({ scale: 50, x: 0, y: 0 }, 1, { x: 0, y: 0 }, 50).scale).toBe(50);
  });
});
