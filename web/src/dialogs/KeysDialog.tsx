import { useTranslation } from 'react-i18next';
import css from './Dialogs.module.css';

/** Every key that does something, and what. */
export function KeysDialog() {
  const { t } = useTranslation();
  const rows: [string, string][] = [
    ['↑ ↓ ← →', t('keys.move')],
    ['Shift ↑ ↓', t('keys.stretch')],
    ['Ctrl ↑ ↓', t('keys.walk')],
    ['Ctrl Space', t('keys.toggle')],
    ['Home End', t('keys.ends')],
    ['a b c …', t('keys.type')],
    ['Ctrl A', t('keys.all')],
    ['Enter', t('keys.open')],
    ['Space', t('keys.preview')],
    ['Alt ↑', t('keys.up')],
    ['.', t('keys.share')],
    ['F2', t('keys.rename')],
    ['Del', t('keys.bin')],
    ['Shift Del', t('keys.delete')],
    ['Ctrl C', t('keys.copy')],
    ['Ctrl X', t('keys.cut')],
    ['Ctrl V', t('keys.paste')],
    ['Shift F10', t('keys.menu')],
    ['/', t('keys.filter')],
    ['Ctrl K', t('keys.palette')],
    ['Esc', t('keys.escape')],
    ['?', t('keys.help')],
  ];
  return (
    <dl className={css.keys}>
      {rows.map(([keys, what]) => (
        <div key={keys}>
          <dt>{what}</dt>
          <dd><kbd>{keys}</kbd></dd>
        </div>
      ))}
    </dl>
  );
}
