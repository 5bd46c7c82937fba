import { SegmentedControl } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import dialogs from '../dialogs/Dialogs.module.css';
import { closeDialog } from '../dialogs/dialogs';
import { Waiting } from '../files/Empty';
import { shareApi } from './api';
import { LinkPart } from './LinkPart';
import { PeoplePart } from './PeoplePart';
import { shared } from './queries';
import { Sheet } from './Sheet';
import { together } from './sharing';

export type Part = 'people' | 'link';

/** Shares one or several nodes: with people, or by a link. */
export default function ShareDialog({ nodes, part: first = 'people' }: { nodes: readonly Node[]; part?: Part }) {
  const { t } = useTranslation();
  const [part, setPart] = useState<Part>(first);
  const asked = useQueries({ queries: nodes.map(({ id }) => ({ queryKey: shared.sharing(id), queryFn: ({ signal }: { signal: AbortSignal }) => shareApi.sharing(id, signal), staleTime: 15_000 })) });
  const failed = asked.find((one) => one.error && !one.data)?.error;
  const all = asked.flatMap((one) => one.data ?? []);
  const title = nodes.length === 0 ? t('share.newCell') : nodes.length === 1 ? t('share.one', { name: nodes[0]?.name }) : t('share.several', { count: nodes.length });
  const sharing = all.length === nodes.length ? together(all) : undefined;
  return (
    <Sheet title={title} onClose={closeDialog}>
      {nodes.length > 0 && (
        <SegmentedControl
          aria-label={t('share.how')} fullWidth value={part} onChange={(value) => setPart(value)}
          data={[{ value: 'people', label: t('share.withPeople') }, { value: 'link', label: t('share.byLink') }]}
        />
      )}
      {failed ? <p role="alert" className={dialogs.error}>{sentence(failed)}</p> : !sharing ? <Waiting /> : (
        // What is typed in one part stays while one looks at the other.
        <>
          <div hidden={part !== 'people'}><PeoplePart nodes={nodes} sharing={sharing} /></div>
          <div hidden={part !== 'link'}><LinkPart nodes={nodes} sharing={sharing} /></div>
        </>
      )}
    </Sheet>
  );
}
