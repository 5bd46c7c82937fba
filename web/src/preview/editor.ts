// The text viewer: CodeMirror, read only, in the colours of the page.
import { HighlightStyle, LanguageDescription, syntaxHighlighting } from '@codemirror/language';
import { languages } from '@codemirror/language-data';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, highlightSpecialChars, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// The colours are variables so that light and dark need no second style.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword, tags.controlKeyword, tags.self], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom, tags.unit, tags.color], color: 'var(--code-number)' },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: 'var(--code-comment)' },
  { tag: [tags.typeName, tags.className, tags.namespace, tags.tagName], color: 'var(--code-type)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.labelName], color: 'var(--code-name)' },
  { tag: [tags.propertyName, tags.attributeName, tags.definition(tags.variableName)], color: 'var(--code-name)' },
  { tag: tags.heading, fontWeight: '600', color: 'var(--code-name)' },
  { tag: [tags.link, tags.url], color: 'var(--code-string)', textDecoration: 'underline' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strong, fontWeight: '600' },
  { tag: tags.inserted, color: 'var(--code-string)' },
  { tag: [tags.deleted, tags.invalid], color: 'var(--code-deleted)' },
]);

const surface = EditorView.theme({
  '&': { height: '100%', color: 'var(--alv-text)', backgroundColor: 'var(--stage)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.55' },
  '.cm-content': { padding: '12px 0 72px' },
  '.cm-line': { padding: '0 24px 0 12px' },
  '.cm-gutters': { backgroundColor: 'var(--stage)', color: 'var(--alv-dim)', borderRight: '1px solid var(--alv-line)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 12px 0 16px' },
});

// A line longer than this is a machine's: colouring it would hold the page up.
const longestLine = 20_000;
const prose = /\.(?:md|markdown|txt|text|log|rst|adoc)$/i;

/** Shows the text in the place; answers what takes it away again. */
export function showText(parent: HTMLElement, text: string, name: string, label: string): () => void {
  const language = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-readonly': 'true', tabindex: '0' }),
        lineNumbers(),
        highlightSpecialChars(),
        prose.test(name) ? EditorView.lineWrapping : [],
        syntaxHighlighting(colours),
        surface,
        language.of([]),
      ],
    }),
  });
  let gone = false;
  const described = LanguageDescription.matchFilename(languages, name);
  if (described && !hasLongLine(text)) {
    // Without its colours the text is still there to be read.
    void described.load().then((support) => {
      if (!gone) view.dispatch({ effects: language.reconfigure(support) });
    }, () => undefined);
  }
  return () => {
    gone = true;
    view.destroy();
  };
}

/** Says whether any line is too long to be coloured. */
export function hasLongLine(text: string): boolean {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    if ((end < 0 ? text.length : end) - at > longestLine) return true;
    if (end < 0) return false;
    at = end + 1;
  }
  return false;
}
