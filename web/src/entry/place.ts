import type { Field } from './field';
import type { Answer } from './request';

/** Puts what the server says about a field beside that field; false where there is none. */
export function place(answer: Extract<Answer, { kind: 'refused' }>, fields: Record<string, Field>): boolean {
  let first: Field | undefined;
  for (const { location, message } of answer.fields) {
    const field = fields[location.split('.').pop() ?? ''];
    field?.complain(message);
    first ??= field;
  }
  // A password that is too easy to guess is told of as a whole.
  if (!first && answer.code === 'weak-password' && answer.detail) {
    first = fields.password;
    first?.complain(answer.detail);
  }
  first?.input.focus();
  return first !== undefined;
}
