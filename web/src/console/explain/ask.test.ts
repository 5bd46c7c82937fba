import { describe, expect, it } from 'vitest';
import { blankQuestion } from '../../app/paths';
import { explainIn, isComplete } from './ask';

describe('a question for the server', () => {
  it('is complete once it says what about', () => {
    expect(isComplete(blankQuestion)).toBe(false);
    expect(isComplete({ ...blankQuestion, path: 'a' })).toBe(true);
    expect(isComplete({ ...blankQuestion, kind: 'call' })).toBe(false);
    expect(isComplete({ ...blankQuestion, kind: 'call', uri: '/users' })).toBe(true);
    expect(isComplete({ ...blankQuestion, kind: 'signin' })).toBe(true);
  });

  it('says only what it is about', () => {
    const question = { ...blankQuestion, user: 'ben', node: '4', path: 'a/b', uri: '/users', context: { RemoteAddress: '10.0.0.1', AuthLevel: '' } };
    expect(explainIn(question)).toEqual({ user: 'ben', node: '4', action: 'read', context: { RemoteAddress: '10.0.0.1' } });
    expect(explainIn({ ...question, node: '', context: {} })).toEqual({ user: 'ben', path: 'a/b', action: 'read' });
    expect(explainIn({ ...question, user: '', kind: 'call', context: {} })).toEqual({ call: { method: 'GET', path: '/users' } });
    expect(explainIn({ ...question, kind: 'signin', context: {} })).toEqual({ user: 'ben', signin: 'login' });
  });
});
