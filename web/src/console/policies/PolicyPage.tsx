import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { ApiError } from '../../api/http';
import { consolePath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { consoleApi } from '../api';
import { kept } from '../queries';
import { chapters, PolicyEditor } from './PolicyEditor';

/** A policy with its address. */
export default function PolicyPage({ id, chapter = 'rules' }: { id: string; chapter?: string }) {
  const { t } = useTranslation();
  // Asked afresh each time: editing begins from what is saved now, and goes on
  // undisturbed by what comes later.
  const asked = useQuery({ queryKey: kept.policy(id), queryFn: () => consoleApi.policy(id), gcTime: 0, staleTime: Infinity, refetchOnWindowFocus: false });
  if (!chapters.some((one) => one === chapter)) return <Nowhere />;
  if (asked.data) {
    return (
      <PolicyEditor
        first={{ policy: asked.data.policy, version: asked.data.version, scenarios: asked.data.scenarios ?? [] }} document={asked.data}
        reload={() => consoleApi.policy(id)} chapter={chapter}
        onChapter={(next) => navigate(consolePath('policies', id, next === 'rules' ? undefined : next), { replace: true })}
      />
    );
  }
  if (asked.error instanceof ApiError && asked.error.status === 404) return <Nowhere text={t('policy.gone')} />;
  if (asked.error) return <ListError error={asked.error} retry={() => void asked.refetch()} />;
  return <Waiting />;
}
