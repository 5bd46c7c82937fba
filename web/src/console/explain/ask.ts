import { type Question } from '../../app/paths';
import type { ExplainIn, Policy } from '../types';

/** Whether a question names everything the server needs to answer it. */
export function isComplete(question: Question): boolean {
  switch (question.kind) {
    case 'node': return question.node !== '' || question.path !== '';
    case 'call': return question.method !== '' && question.uri !== '';
    case 'signin': return question.signin !== '';
  }
}

/** The question in the server's words. */
export function explainIn(question: Question, draft?: Policy): ExplainIn {
  const context = Object.fromEntries(Object.entries(question.context).filter(([name, value]) => name !== '' && value !== ''));
  const about =
    question.kind === 'call' ? { call: { method: question.method, path: question.uri } }
    : question.kind === 'signin' ? { signin: question.signin }
    : { ...(question.node ? { node: question.node } : { path: question.path }), action: question.action };
  return { ...(about as Pick<ExplainIn, 'call' | 'signin' | 'node' | 'path' | 'action'>), user: question.user || undefined, context: Object.keys(context).length > 0 ? context : undefined, draft };
}
