import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { stemLength } from './kinds';
import { renameNode } from './operations';
import css from './RenameField.module.css';

/** The name of a node as a field; Enter keeps, Escape leaves, an error stays beneath it. */
export function RenameField({ node, onDone }: { node: Node; onDone: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(0, stemLength(node));
    // Only when the field appears: later answers must not move the cursor.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const keep = async () => {
    const name = field.current?.value ?? '';
    if (busy) return;
    if (name === node.name || name === '') {
      onDone();
      return;
    }
    setBusy(true);
    try {
      await renameNode(node, name);
      onDone();
    } catch (reason) {
      setError(sentence(reason));
      setBusy(false);
      field.current?.focus();
    }
  };

  return (
    <span className={css.place} data-own>
      <input
        ref={field}
        className={css.field}
        defaultValue={node.name}
        aria-label={t('rename.label', { name: node.name })}
        aria-invalid={error !== ''}
        aria-describedby={error ? 'rename-error' : undefined}
        spellCheck={false}
        readOnly={busy}
        onBlur={() => { if (!error) void keep(); }}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') void keep();
          if (event.key === 'Escape') onDone();
        }}
      />
      {error && <span id="rename-error" role="alert" className={css.error}>{error}</span>}
    </span>
  );
}
