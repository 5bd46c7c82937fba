import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { asSentence, sentence } from '../app/errors';
import dialogs from '../dialogs/Dialogs.module.css';
import { closeDialog } from '../dialogs/dialogs';
import { shareApi } from './api';
import { blankLink, fieldOf, isSlug, linkIn, type LinkDraft } from './draft';
import { InvitedList } from './InvitedList';
import { LinkFields } from './LinkFields';
import { LinkMade } from './LinkMade';
import { refreshShares } from './queries';
import css from './Share.module.css';
import { linkRefused, showWrong } from './sharing';
import type { Sharing } from './types';

const shownAtFields = ['mode', 'password', 'until', 'from', 'label', 'slug', 'downloads', 'upload', 'people', 'members', 'policies'];

/** Makes a link on one file or folder, and shows its address this once. */
export function LinkPart({ nodes, sharing }: { nodes: readonly Node[]; sharing: Sharing }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<LinkDraft>(blankLink);
  const [node, ...more] = nodes;
  const form = useRef<HTMLFormElement>(null);
  const make = useMutation({
    mutationFn: (id: string) => shareApi.makeLink(linkIn({ ...draft, locked: draft.locked || draft.password !== '' }, id)),
    onSuccess: refreshShares,
    onError: () => showWrong(form),
  });
  if (!node || more.length > 0) return <p className={css.refused}>{t('share.oneOnly')}</p>;
  const folder = node.type === 'COLLECTION';
  const term = linkRefused(sharing, folder);
  if (term) return <p className={css.refused}>{asSentence(sharing.why[term] ?? t('share.noLinks'))}</p>;
  if (make.data) {
    return (
      <>
        <LinkMade id={make.data.link.id} address={make.data.address} chosen={Boolean(make.data.link.slug)} onDone={closeDialog} />
        <InvitedList invited={make.data.invited} />
      </>
    );
  }
  const field = fieldOf(make.error);
  // What was wrong is said until something is typed anew.
  const change = (part: Partial<LinkDraft>) => {
    if (make.error) make.reset();
    setDraft({ ...draft, ...part });
  };
  const blocked = draft.slug !== '' && !isSlug(draft.slug) ? t('share.slugWrong') : draft.locked && draft.password === '' ? t('entry.passwordEmpty') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending && blocked === undefined) make.mutate(node.id);
  };
  return (
    <form ref={form} className={dialogs.body} onSubmit={submit} noValidate>
      <LinkFields draft={draft} folder={folder} sharing={sharing} wrong={(name) => (make.error && name === field ? sentence(make.error) : undefined)} onChange={change} />
      {make.error && !shownAtFields.includes(field) && <p role="alert" className={dialogs.error}>{sentence(make.error)}</p>}
      <div className={`${dialogs.buttons} ${css.last}`}>
        <Button variant="default" onClick={closeDialog}>{t('dialog.cancel')}</Button>
        <Button type="submit" loading={make.isPending} disabled={blocked !== undefined} title={blocked}>{t('share.makeLink')}</Button>
      </div>
    </form>
  );
}
