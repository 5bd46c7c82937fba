import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconDots, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../lib/format';
import type { Action, ActionId } from './actions';
import { ActionItems } from './ActionMenu';
import css from './SelectionBar.module.css';

const upFront: readonly ActionId[] = ['download', 'share', 'move', 'copyTo', 'rename', 'bin'];

/** How wide the bar has to be for words beside the icons. */
const forWords = 1000;

/** Stands in for the header while something is selected. */
export function SelectionBar({ count, actions, onClear, front = upFront }: { count: number; actions: readonly Action[]; onClear: () => void; front?: readonly ActionId[] }) {
  const { t, i18n } = useTranslation();
  const { ref, width } = useElementSize<HTMLElement>();
  const worded = width >= forWords;
  const shown = actions.filter((action) => front.includes(action.id));
  const rest = actions.filter((action) => !front.includes(action.id));
  return (
    <header ref={ref} className={css.bar} data-worded={worded || undefined} aria-label={t('selection.label')}>
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('selection.clear')} onClick={onClear}>
        <IconX size={20} />
      </ActionIcon>
      <h1 className={css.count}>{t('selection.count', { count, shown: formatCount(count, i18n.language) })}</h1>
      <div className={css.actions} role="toolbar" aria-label={t('selection.label')}>
        {shown.map((action) => <BarButton key={action.id} action={action} worded={worded} />)}
        {rest.length > 0 && (
          <Menu position="bottom-end" width={264}>
            <Menu.Target>
              <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('selection.more')}><IconDots size={20} /></ActionIcon>
            </Menu.Target>
            <Menu.Dropdown><ActionItems actions={rest} /></Menu.Dropdown>
          </Menu>
        )}
      </div>
    </header>
  );
}

function BarButton({ action, worded }: { action: Action; worded: boolean }) {
  const why = useId();
  const denied = action.denied !== undefined;
  return (
    <Tooltip label={action.denied ?? action.label} disabled={!denied && worded}>
      <button
        type="button"
        className={css.button}
        aria-disabled={denied || undefined}
        aria-describedby={denied ? why : undefined}
        data-danger={action.danger || undefined}
        onClick={() => { if (!denied) action.run(); }}
      >
        <action.icon size={18} stroke={1.5} aria-hidden />
        <span className={css.word}>{action.label}</span>
        {denied && <span id={why} className="visually-hidden">{action.denied}</span>}
      </button>
    </Tooltip>
  );
}
