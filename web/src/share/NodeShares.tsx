import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconClock, IconShare2, IconUsers, IconWorld } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { sharePath } from '../app/paths';
import details from '../details/Details.module.css';
import { openDialog } from '../dialogs/dialogs';
import { formatMoment, formatWhen } from '../lib/format';
import { shareApi } from './api';
import { Faces } from './Faces';
import { Flags } from './Flags';
import { shared } from './queries';
import css from './Share.module.css';
import type { Share } from './types';
import { modeWord } from './words';

/** Every share of a node that one may know of, each leading to its page. */
export default function NodeShares({ node }: { node: Node }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: shared.ofNode(node.id), queryFn: ({ signal }) => shareApi.sharesOf(node.id, signal), staleTime: 30_000 });
  const list = asked.data ?? [];
  return (
    <section aria-label={t('share.shared')} className={css.ofNode}>
      <h3>{t('share.shared')}</h3>
      {asked.error && <p role="alert" className={details.bad}>{sentence(asked.error)}</p>}
      {asked.data && list.length === 0 && <p className={details.dim}>{t('share.notShared')}</p>}
      {list.length > 0 && <ul>{list.map((one) => <li key={one.id}><Line share={one} /></li>)}</ul>}
      <Button variant="default" size="sm" leftSection={<IconShare2 size={18} stroke={1.5} aria-hidden />} onClick={() => openDialog({ kind: 'share', nodes: [node] })}>{t('action.share')}</Button>
    </section>
  );
}

function Line({ share }: { share: Share }) {
  const { t, i18n } = useTranslation();
  const Icon = share.kind === 'link' ? IconWorld : IconUsers;
  const name = share.label || (share.mode ? modeWord(share.mode, t) : '');
  return (
    <Link href={sharePath(share)} className={css.entry}>
      <Icon size={18} stroke={1.5} role="img" aria-label={share.kind === 'link' ? t('share.link') : t('share.cell')} />
      <span className={css.who}>
        {name}
        {share.mode && share.label && <small>{modeWord(share.mode, t)}</small>}
        {share.above && <small>{t('share.above')}</small>}
        <Flags flags={share.flags} void={share.void} />
      </span>
      <Faces people={share.people} count={share.members} />
      {share.until && (
        <span className={css.clock} title={formatMoment(share.until, i18n.language)}>
          <IconClock size={16} stroke={1.5} role="img" aria-label={t('share.until')} />{formatWhen(share.until, i18n.language, new Date())}
        </span>
      )}
    </Link>
  );
}
