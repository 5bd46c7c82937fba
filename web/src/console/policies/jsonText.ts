// CodeMirror for the JSON of a policy: colours, brackets, what is wrong in its
// margin. Loaded only where a policy is edited.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic as CodeDiagnostic } from '@codemirror/lint';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { locate } from '../model/locate';
import type { PlaceError, Severity } from '../types';

/** What is to be said of a place besides errors. */
export type Diagnostic = { location: string; message: string; severity: Severity };

export type TextEditor = {
  setText: (text: string) => void;
  setErrors: (errors: readonly PlaceError[], diagnostics: readonly Diagnostic[]) => void;
  destroy: () => void;
};

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
]);

const surface = EditorView.theme({
  '&': { height: '100%', color: 'var(--alv-text)', backgroundColor: 'transparent', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { padding: '8px 0 48px', caretColor: 'var(--alv-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--alv-text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--alv-focus) 30%, transparent)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--alv-text) 4%, transparent)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--alv-dim)', border: 'none' },
  '.cm-matchingBracket': { backgroundColor: 'var(--alv-selected)', outline: '1px solid var(--alv-selected-line)' },
  '.cm-tooltip': { backgroundColor: 'var(--alv-float)', color: 'var(--alv-text)', border: '1px solid var(--alv-line)', borderRadius: '6px', maxWidth: '420px' },
  '.cm-diagnostic': { padding: '6px 10px' },
  '.cm-panels': { backgroundColor: 'var(--alv-float)', color: 'var(--alv-text)' },
});

// Text that came from the form, and is not to be told to it again.
const fromOutside = Annotation.define<boolean>();

const severities: Record<Severity, CodeDiagnostic['severity']> = { error: 'error', warning: 'warning', note: 'info' };

/** Puts an editor into the place. */
export function makeEditor(parent: HTMLElement, label: string, onChange: (text: string) => void): TextEditor {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      extensions: [
        lineNumbers(), highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(), highlightActiveLine(), lintGutter(),
        // Escape, then Tab leaves the editor by keyboard.
        keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap, indentWithTab]),
        json(), syntaxHighlighting(colours), surface, EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.annotation(fromOutside))) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText: (text) => {
      const before = view.state.doc.toString();
      if (text === before) return;
      const { from, to, insert } = difference(before, text);
      view.dispatch({ changes: { from, to, insert }, annotations: fromOutside.of(true) });
    },
    setErrors: (errors, diagnostics) => {
      const text = view.state.doc.toString();
      const said: Diagnostic[] = [...errors.map((one) => ({ location: one.location ?? '', message: one.message ?? '', severity: 'error' as const })), ...diagnostics];
      view.dispatch(setDiagnostics(view.state, said.map((one) => ({ ...locate(text, one.location), severity: severities[one.severity], message: one.message }))));
    },
    destroy: () => view.destroy(),
  };
}

/** The one stretch in which two texts differ, so that the cursor and the history of the rest stay. */
export function difference(before: string, after: string): { from: number; to: number; insert: string } {
  let from = 0;
  while (from < before.length && from < after.length && before[from] === after[from]) from++;
  let end = 0;
  while (end < before.length - from && end < after.length - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}
