import { useEffect, useRef } from 'react';
import type { PlaceError } from '../types';
import { type Diagnostic, makeEditor, type TextEditor } from './jsonText';
import css from './Editor.module.css';

type Props = { text: string; errors: readonly PlaceError[]; diagnostics: readonly Diagnostic[]; label: string; onChange: (text: string) => void };

/** The JSON of a policy, to be edited by hand. */
export default function JsonEditor({ text, errors, diagnostics, label, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<TextEditor>(undefined);
  const heard = useRef(onChange);
  useEffect(() => { heard.current = onChange; }, [onChange]);
  useEffect(() => {
    if (!place.current) return undefined;
    const made = makeEditor(place.current, label, (next) => heard.current(next));
    editor.current = made;
    return () => made.destroy();
  }, [label]);
  useEffect(() => editor.current?.setText(text), [text, label]);
  useEffect(() => editor.current?.setErrors(errors, diagnostics), [text, errors, diagnostics, label]);
  return <div ref={place} className={css.json} />;
}
