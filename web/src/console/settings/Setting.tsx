import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Asked } from '../../account/Asked';
import { queryClient } from '../../app/queries';
import { toast } from '../../feedback/toasts';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { settingsKey } from './api';

type Props<T> = {
  which: string;
  tabs: ReactNode;
  ask: () => Promise<T>;
  save: (to: T) => Promise<unknown>;
  /** Why it cannot be saved as it is. */
  wrong?: (now: T) => string | undefined;
  /** What saving means, in the place of who gains and loses. */
  means: (now: T, before: T) => string;
  children: (now: T, set: (change: Partial<T>) => void, kept: T) => ReactNode;
};

/** One page of settings: as they are kept, what is being changed of them, and the button that saves. */
export function Setting<T extends object>({ which, tabs, ask, save, wrong, means, children }: Props<T>) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: settingsKey(which), queryFn: ask });
  const [edit, setEdit] = useState<Partial<T>>({});
  const kept = asked.data;
  const now = kept && { ...kept, ...edit };
  const dirty = kept !== undefined && Object.entries(edit).some(([name, value]) => value !== undefined && value !== kept[name as keyof T]);
  const store = async () => {
    if (!now) return;
    await save(now);
    setEdit({});
    await queryClient.invalidateQueries({ queryKey: settingsKey(which) });
    await queryClient.invalidateQueries({ queryKey: ['account', 'rules'] });
    toast(t('save.done'));
  };
  return (
    <Page
      title={t('console.settings')}
      foot={now && kept && <ChangeBar dirty={dirty} changes={[]} blocked={wrong?.(now)} uncounted={means(now, kept)} save={store} discard={() => setEdit({})} />}
    >
      {tabs}
      <Asked query={asked}>{(data) => children({ ...data, ...edit }, (change) => setEdit({ ...edit, ...change }), data)}</Asked>
    </Page>
  );
}
