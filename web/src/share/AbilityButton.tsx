import { Button } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Ability } from '../api/types';
import { asSentence } from '../app/errors';

type Props = { ability: Ability; icon?: ReactNode; children: ReactNode; onClick: () => void; loading?: boolean };

/** A button that stays where it may not be used, and says why. */
export function AbilityButton({ ability, icon, children, onClick, loading }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const why = ability.allowed ? undefined : asSentence(ability.reason ?? t('action.denied'));
  return (
    <>
      <Button
        variant="default" size="sm" leftSection={icon} loading={loading} title={why} aria-disabled={why !== undefined || undefined} data-disabled={why !== undefined || undefined} aria-describedby={why === undefined ? undefined : id}
        onClick={() => { if (why === undefined) onClick(); }}
      >
        {children}
      </Button>
      {why !== undefined && <span id={id} className="visually-hidden">{why}</span>}
    </>
  );
}
