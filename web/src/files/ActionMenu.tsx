import { Menu, Portal } from '@mantine/core';
import { Fragment, useId } from 'react';
import type { Action } from './actions';
import css from './ActionMenu.module.css';

/** The entries of a menu: what is refused stays, greyed, and the foot says why. */
export function ActionItems({ actions }: { actions: readonly Action[] }) {
  const id = useId();
  const reasons = [...new Set(actions.flatMap((action) => action.denied ?? []))];
  const items = actions.map((action, i) => (
    <Fragment key={action.id}>
      {i > 0 && actions[i - 1]?.group !== action.group && <Menu.Divider />}
      <Menu.Item
        leftSection={<action.icon size={18} stroke={1.5} aria-hidden />}
        rightSection={action.keys && !action.denied && <span className={css.keys} aria-hidden>{action.keys}</span>}
        data-danger={(action.danger && action.denied === undefined) || undefined}
        aria-disabled={action.denied !== undefined || undefined}
        data-denied={action.denied !== undefined || undefined}
        closeMenuOnClick={action.denied === undefined}
        title={action.denied}
        aria-describedby={action.denied === undefined ? undefined : `${id}-${reasons.indexOf(action.denied)}`}
        onClick={() => { if (action.denied === undefined) action.run(); }}
        classNames={{ item: css.item }}
      >
        {action.label}
      </Menu.Item>
    </Fragment>
  ));
  return (
    <>
      {items}
      {reasons.map((reason, i) => <div key={reason} id={`${id}-${i}`} className={css.why}>{reason}</div>)}
    </>
  );
}

export type MenuPlace = { x: number; y: number };

/** A menu at a place on the page, for the right button and the menu key. */
export function ContextMenu({ at, label, actions, onClose }: { at: MenuPlace | null; label: string; actions: readonly Action[]; onClose: () => void }) {
  if (!at || actions.length === 0) return null;
  // Not keydown, as is usual for a menu: the key that opens this one is still on its way up.
  const outside = ['mousedown', 'touchstart'];
  return (
    <Menu key={`${at.x} ${at.y}`} opened onClose={onClose} clickOutsideEvents={outside} position="bottom-start" offset={0} width={264} trapFocus returnFocus>
      <Portal>
        <Menu.Target>
          <button type="button" tabIndex={-1} aria-label={label} className={css.anchor} style={{ left: at.x, top: at.y }} />
        </Menu.Target>
      </Portal>
      <Menu.Dropdown aria-label={label}>
        <ActionItems actions={actions} />
      </Menu.Dropdown>
    </Menu>
  );
}
