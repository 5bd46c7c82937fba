import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link as Anchor } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { linkWithHost } from '../account/link';
import { Section } from '../account/Section';
import { CopyButton, useCopy } from '../account/ShownOnce';
import account from '../account/Account.module.css';
import { ApiError } from '../api/http';
import { asSentence } from '../app/errors';
import { filesPath, sharedPath } from '../app/paths';
import css2 from '../console/Console.module.css';
import { Confirm } from '../console/parts/Confirm';
import { Page } from '../console/parts/Page';
import { queryClient } from '../app/queries';
import { toast } from '../feedback/toasts';
import { ListError, Waiting } from '../files/Empty';
import { Nowhere } from '../files/FilesPage';
import { formatMoment } from '../lib/format';
import { AbilityButton } from './AbilityButton';
import { shareApi } from './api';
import { Fact } from './CellPage';
import { fieldOf, isSlug, linkChange, type LinkDraft, linkDraftOf } from './draft';
import { Flags } from './Flags';
import { LinkFields } from './LinkFields';
import { LinkMade } from './LinkMade';
import { forgetShare, refreshShares, shared } from './queries';
import { SaveBar } from './SaveBar';
import { StillRight } from './StillRight';
import css from './Share.module.css';
import { together } from './sharing';
import type { Address, Link } from './types';
import { modeText, modeWord, stopSentence, usedWords } from './words';

/** A link with its address: on what terms it opens, how it was used, and how it ends. */
export default function LinkPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: shared.link(id), queryFn: ({ signal }) => shareApi.link(id, signal) });
  if (asked.error instanceof ApiError && asked.error.status === 404) return <Nowhere text={t('linkPage.gone')} />;
  if (asked.data) return <Shown key={id} link={asked.data} />;
  if (asked.error) return <ListError error={asked.error} retry={() => void asked.refetch()} />;
  return <Waiting />;
}

/** The terms of the house that a link can be changed to keep to. */
const mendable: ReadonlySet<string> = new Set(['password', 'characters', 'slugs', 'days', 'downloads', 'upload', 'external']);

function Shown({ link }: { link: Link }) {
  const { t, i18n } = useTranslation();
  const [edit, setEdit] = useState<Partial<LinkDraft>>({});
  const [address, setAddress] = useState<Address>();
  const draft = { ...linkDraftOf(link), ...edit };
  const change = linkChange(link, draft);
  const dirty = Object.keys(change).length > 0;
  const may = link.abilities.change.allowed;
  const sharing = useQuery({ queryKey: shared.sharing(link.node.id), queryFn: ({ signal }) => shareApi.sharing(link.node.id, signal), enabled: may, retry: false });
  const save = useMutation({
    mutationFn: () => shareApi.changeLink(link.id, change),
    onSuccess: (after) => {
      queryClient.setQueryData(shared.link(link.id), after);
      setEdit({});
      refreshShares();
      toast(t('share.saved'));
    },
  });
  const field = fieldOf(save.error);
  const title = link.label || link.node.name;
  const blocked = draft.slug !== '' && !isSlug(draft.slug) ? t('share.slugWrong') : draft.locked && !link.password && draft.password === '' ? t('entry.passwordEmpty') : undefined;
  const when = (instant: string) => formatMoment(instant, i18n.language);
  return (
    <Page
      title={title} above={{ href: sharedPath('by-me'), label: t('rail.byMe') }}
      foot={<SaveBar dirty={dirty} blocked={blocked} save={save.mutateAsync} discard={() => { save.reset(); setEdit({}); }}><p>{t('linkPage.saves')}</p></SaveBar>}
    >
      {link.void
        ? <div className={css.note} role="alert"><p><IconAlertTriangle size={18} stroke={1.5} aria-hidden /> {stopSentence(link.void, t)}</p>{may && mendable.has(link.void.term) && <p>{t('linkPage.mend')}</p>}</div>
        : link.flags.length > 0 && <p><Flags flags={link.flags} /></p>}
      {link.left === 0 && <div className={css.note}><p>{may ? t('linkPage.usedUpMine') : t('linkPage.usedUp')}</p></div>}
      {link.review && <StillRight id={link.id} name={title} review={link.review} />}
      <Section id="use" title={t('linkPage.use')} text={modeText(link.mode, t)}>
        <dl className={css2.facts}>
          <Fact label={t('linkPage.on')}>{link.node.path ? <Anchor href={filesPath(link.node.path)}>{link.node.name}</Anchor> : link.node.name}</Fact>
          <Fact label={t('share.mode')}>{modeWord(link.mode, t)}</Fact>
          <Fact label={t('share.owner')}>{link.owner.name || link.owner.login}</Fact>
          <Fact label={t('share.usage')}>{usedWords(link.use, t, i18n.language)}{link.use.last && ` · ${t('share.lastUse', { when: when(link.use.last) })}`}</Fact>
          {link.left !== undefined && <Fact label={t('linkPage.left')}>{t('linkPage.downloads', { count: link.left })}</Fact>}
          {link.ends && <Fact label={t('share.until')}>{when(link.ends)}{link.ends !== link.until && <small className={css.why}>{t('linkPage.endsByRule')}</small>}</Fact>}
          <Fact label={t('details.created')}>{when(link.created)}</Fact>
        </dl>
      </Section>
      <Section id="address" title={t('share.address')} text={link.path ? (may ? t('linkPage.chosenText') : undefined) : t('linkPage.addressText')}>
        {address ? <LinkMade id={link.id} address={address} chosen={Boolean(link.slug)} onDone={() => setAddress(undefined)} /> : link.path && <Chosen path={link.path} />}
        <AddressButtons link={link} onAddress={setAddress} />
      </Section>
      {may && (
        <Section id="terms" title={t('linkPage.terms')}>
          <div className={css2.form}>
            <LinkFields
              draft={draft} folder={link.node.type === 'COLLECTION'} sharing={sharing.data ?? together([])} kept={link.password} wrong={(name) => (save.error && name === field ? asSentence(save.error.message) : undefined)}
              onChange={(part) => setEdit({ ...edit, ...part })}
            />
          </div>
        </Section>
      )}
    </Page>
  );
}

/** An address that was chosen, and so is no secret. */
function Chosen({ path }: { path: string }) {
  const { t } = useTranslation();
  const url = linkWithHost(path);
  const { copied, field, copy } = useCopy(url);
  return (
    <div className={account.copy}>
      <input ref={field} readOnly value={url} aria-label={t('share.address')} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
      <CopyButton copied={copied} copy={copy} quiet />
    </div>
  );
}

function AddressButtons({ link, onAddress }: { link: Link; onAddress: (address: Address) => void }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'address' | 'end'>();
  const name = link.label || link.node.name;
  const close = () => setAsking(undefined);
  const end = async () => {
    await shareApi.endLink(link.id);
    navigate(sharedPath('by-me'), { replace: true });
    setTimeout(() => forgetShare(link.id));
    toast(t('linkPage.ended', { name }));
  };
  return (
    <div className={`${css2.buttons} ${css.factsBelow}`}>
      {link.abilities.change.allowed && !link.slug && <Button variant="default" size="sm" leftSection={<IconRefresh size={18} stroke={1.5} aria-hidden />} onClick={() => setAsking('address')}>{t('linkPage.newAddress')}</Button>}
      <AbilityButton ability={link.abilities.end} icon={<IconTrash size={18} stroke={1.5} aria-hidden />} onClick={() => setAsking('end')}>{t('linkPage.end')}</AbilityButton>
      {asking === 'address' && <Confirm title={t('linkPage.newAddress')} text={t('linkPage.newAddressAsk', { name })} go={t('linkPage.newAddress')} run={() => shareApi.newAddress(link.id).then(onAddress)} onClose={close} />}
      {asking === 'end' && <Confirm title={t('linkPage.end')} text={t('linkPage.endAsk', { name })} go={t('linkPage.end')} run={end} onClose={close} />}
    </div>
  );
}
