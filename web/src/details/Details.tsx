import { ActionIcon, Button, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconHelpHexagon, IconX } from '@tabler/icons-react';
import { Fragment, lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { thumbnailUrl } from '../api/client';
import type { Node } from '../api/types';
import { explainPath } from '../app/paths';
import { useSession } from '../app/queries';
import type { Action } from '../files/actions';
import { KindIcon } from '../files/KindIcon';
import { withShareWords } from '../i18n';
import { kindOf } from '../files/kinds';
import { kindWord } from '../files/kindWord';
import { formatCount, formatMoment, formatSize } from '../lib/format';
import css from './Details.module.css';
import { Tags } from './Tags';
import { Versions } from './Versions';

const NodeShares = lazy(() => withShareWords(import('../share/NodeShares')));

type Props = { nodes: readonly Node[]; actions: readonly Action[]; onClose: () => void };

/** What is known of the chosen thing: at the right, or from below on a phone. */
export default function Details({ nodes, actions, onClose }: Props) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false });
  const [node] = nodes;
  const title = nodes.length > 1 ? t('details.many', { count: nodes.length }) : (node?.name ?? t('details.title'));
  const inside = (
    <>
      <div className={css.head}>
        <h2>{title}</h2>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('details.close')} onClick={onClose}><IconX size={20} /></ActionIcon>
      </div>
      <div className={css.scroll} tabIndex={0} role="group" aria-label={title}>
        {nodes.length > 1 ? <Many nodes={nodes} /> : node ? <One key={node.id} node={node} /> : <p className={css.dim}>{t('details.none')}</p>}
      </div>
    </>
  );
  if (!phone) return <aside className={css.pane} aria-label={t('details.title')}>{inside}</aside>;
  return (
    <Drawer opened onClose={onClose} position="bottom" size="75%" padding={0} withCloseButton={false} attributes={{ content: { 'aria-label': t('details.title') } }} classNames={{ content: css.sheet, body: css.sheetBody }}>
      <div className={css.grip} aria-hidden />
      {inside}
      {actions.length > 0 && (
        <div className={css.actions}>
          {actions.filter((action) => ['download', 'share', 'rename', 'move', 'bin'].includes(action.id)).map((action) => (
            <button
              key={action.id} type="button" aria-disabled={action.denied !== undefined || undefined} title={action.denied}
              onClick={() => { if (action.denied === undefined) { onClose(); action.run(); } }}
            >
              <action.icon size={20} stroke={1.5} aria-hidden />
              {action.label}
            </button>
          ))}
        </div>
      )}
    </Drawer>
  );
}

function One({ node }: { node: Node }) {
  const { t, i18n } = useTranslation();
  const kind = kindOf(node);
  const file = node.type === 'LEAF';
  const language = i18n.language;
  return (
    <>
      <Picture node={node} />
      <dl className={css.facts}>
        <Fact label={t('column.type')}>{kindWord(kind, t)}{file && node.mime && <small>{node.mime}</small>}</Fact>
        {file && (
          <Fact label={t('column.size')}>
            {formatSize(node.size, language)}
            {node.size >= 1000 && <small>{t('details.bytes', { count: node.size, shown: formatCount(node.size, language) })}</small>}
          </Fact>
        )}
        <Fact label={t('column.modified')}>{formatMoment(node.mtime, language)}</Fact>
        <Fact label={t('details.created')}>{formatMoment(node.created, language)}</Fact>
        {node.owner && <Fact label={t('details.owner')}>{node.owner.name || node.owner.login}</Fact>}
        <Fact label={t('details.place')}><span className={css.wrap}>{breakable(node.path)}</span></Fact>
        <Fact label={t('details.tags')}><Tags node={node} /></Fact>
        {file && node.sha256 && <Fact label={t('details.sha256')}><code className={css.code}>{node.sha256}</code></Fact>}
      </dl>
      <Why node={node} />
      <Suspense fallback={null}><NodeShares node={node} /></Suspense>
      {file && <Versions node={node} />}
    </>
  );
}

/** For administrators: why this may be reached, by whom, and when. */
function Why({ node }: { node: Node }) {
  const { t } = useTranslation();
  const user = useSession().data?.user;
  if (user?.profile !== 'admin') return null;
  return (
    <Button component={Link} href={explainPath({ user: user.login, node: node.id, path: node.path })} variant="default" size="sm" leftSection={<IconHelpHexagon size={18} stroke={1.5} aria-hidden />} className={css.why}>
      {t('details.why')}
    </Button>
  );
}

/** A path that is broken after its slashes rather than within a name. */
function breakable(path: string): ReactNode {
  return path.split('/').map((name, i) => <Fragment key={i}>{i > 0 && <>/<wbr /></>}{name}</Fragment>);
}

function Picture({ node }: { node: Node }) {
  const [failed, setFailed] = useState(false);
  return (
    <div className={css.picture}>
      {node.thumbnail && !failed
        ? <img src={thumbnailUrl(node, 256)} alt="" onError={() => setFailed(true)} />
        : <KindIcon kind={kindOf(node)} size={56} />}
    </div>
  );
}

function Many({ nodes }: { nodes: readonly Node[] }) {
  const { t, i18n } = useTranslation();
  const files = nodes.filter((node) => node.type === 'LEAF');
  const size = files.reduce((sum, node) => sum + node.size, 0);
  return (
    <dl className={css.facts}>
      <Fact label={t('details.files')}>{formatCount(files.length, i18n.language)}</Fact>
      <Fact label={t('details.folders')}>{formatCount(nodes.length - files.length, i18n.language)}</Fact>
      <Fact label={t('details.together')}>{formatSize(size, i18n.language)}</Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
