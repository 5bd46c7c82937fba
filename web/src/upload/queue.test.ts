import { expect, it } from 'vitest';
import { tally, type UploadItem, type UploadState } from './queue';

const item = (state: UploadState, size: number, sent: number): UploadItem => ({
  id: 1, file: { size } as File, parent: { id: '1', path: 'my-files' }, relative: 'a', sent, state,
});

it('counts what is under way and leaves out what was skipped', () => {
  expect(tally([item('done', 10, 0), item('sending', 100, 40), item('skipped', 1000, 900), item('failed', 5, 0), item('conflict', 7, 7)])).toEqual({
    files: 4, done: 1, failed: 1, conflicts: 1, bytes: 122, sent: 57, active: true,
  });
});

it('is at rest when only failures and choices are left', () => {
  expect(tally([item('failed', 5, 0), item('conflict', 7, 7)]).active).toBe(false);
});
