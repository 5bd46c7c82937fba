import { Button, NativeSelect, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { dayOf } from '../account/expiry';
import type { Node } from '../api/types';
import { asSentence, sentence } from '../app/errors';
import { cellPath } from '../app/paths';
import dialogs from '../dialogs/Dialogs.module.css';
import { closeDialog } from '../dialogs/dialogs';
import { toast } from '../feedback/toasts';
import { shareApi } from './api';
import { blankCell, type CellDraft, cellIn, fieldOf, memberIn } from './draft';
import { GiveList } from './GiveList';
import { InvitedList } from './InvitedList';
import { refreshShares, useCells } from './queries';
import { RefPicker } from './RefPicker';
import { showWrong } from './sharing';
import { Says, useCheck } from './Says';
import css from './Share.module.css';
import type { Cell, CellIn, Invited, Sharing } from './types';

type Props = { nodes: readonly Node[]; sharing: Sharing };

/** Shares with people: in a new Cell, or in one of one's own. */
export function PeoplePart({ nodes, sharing }: Props) {
  const { t } = useTranslation();
  const cells = useCells();
  const mine = (cells.data ?? []).filter((one) => one.abilities.share.allowed && one.abilities.change.allowed);
  const first = nodes.length > 1 ? t('share.andMore', { names: nodes[0]?.name, count: nodes.length - 1 }) : (nodes[0]?.name ?? '');
  const form = useRef<HTMLFormElement>(null);
  const [into, setInto] = useState('');
  const [draft, setDraft] = useState<CellDraft>({ ...blankCell, label: first });
  const [made, setMade] = useState<{ cell: Cell; invited: Invited[] }>();
  const cell = mine.find((one) => one.id === into);
  const set = (change: Partial<CellDraft>) => setDraft({ ...draft, ...change });
  const ids = nodes.map((one) => one.id);
  const all = cell ? [...new Set([...cell.nodes.map((one) => one.id), ...ids])] : ids;
  const asked: CellIn & { id?: string } = cell ? { id: cell.id, label: cell.label, nodes: all, members: draft.gives.map(memberIn) } : cellIn(draft, ids);
  const nameless = !cell && draft.label.trim() === '';
  const nobody = !cell && nodes.length > 0 && draft.gives.length === 0;
  const blocked = nobody ? t('share.nobody') : nameless ? t('cell.noName') : undefined;
  const checked = useCheck(sharing.cells && blocked === undefined ? asked : undefined);
  const save = useMutation({
    mutationFn: async () => {
      if (!cell) return made ?? shareApi.makeCell(asked);
      const changed = await shareApi.changeCell(cell.id, { nodes: all });
      return draft.gives.length > 0 ? shareApi.addMembers(cell.id, asked.members ?? []) : { cell: changed, invited: [] };
    },
    onSuccess: async (done) => {
      await appoint(done.cell, draft, t('share.managerFailed'));
      refreshShares();
      toast(t('share.done', { label: done.cell.label }), cell ? {} : { action: { label: t('undo.go'), run: () => void undo(done.cell) } });
      if (done.invited.some((one) => one.link)) setMade(done);
      else closeDialog();
    },
    onError: () => showWrong(form),
  });
  if (!sharing.cells) return <p className={css.refused}>{asSentence(sharing.why.cells ?? t('share.noCells'))}</p>;
  if (made) return <InvitedList invited={made.invited} onDone={closeDialog} />;
  const field = fieldOf(save.error);
  const wrong = (name: string) => (save.error && field === name ? sentence(save.error) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === undefined && !save.isPending) save.mutate();
  };
  return (
    <form ref={form} className={dialogs.body} onSubmit={submit} noValidate>
      <RefPicker
        label={t('share.who')} noExternal={sharing.external ? undefined : asSentence(sharing.why.external ?? t('share.noExternal'))} without={draft.gives.map(({ to }) => to)} error={wrong('members')}
        onPick={(to) => set({ gives: [...draft.gives, { to, hold: 'read', until: '', manager: false }] })}
      />
      <GiveList gives={draft.gives} sharing={sharing} managers onChange={(gives) => set({ gives })} />
      {!sharing.give.includes('write') && draft.gives.length > 0 && <p className={css.dim}>{t('share.onlyRead')}</p>}
      {nodes.length > 0 && mine.length > 0 && (
        <NativeSelect
          label={t('share.into')} value={into} description={cell ? t('share.intoText', { count: cell.members?.length ?? 0 }) : undefined} inputWrapperOrder={['label', 'input', 'description']}
          data={[{ value: '', label: t('share.newCell') }, ...mine.map((one) => ({ value: one.id, label: one.label }))]} onChange={(event) => setInto(event.currentTarget.value)}
        />
      )}
      {!cell && <CellFields draft={draft} set={set} wrong={wrong} folder={nodes.length === 0} />}
      {nobody ? <p className={css.dim}>{blocked}</p> : <Says checked={checked} />}
      {save.error && !['members', 'label', 'until', 'from'].includes(field) && <p role="alert" className={dialogs.error}>{sentence(save.error)}</p>}
      <div className={`${dialogs.buttons} ${css.last}`}>
        <Button variant="default" onClick={closeDialog}>{t('dialog.cancel')}</Button>
        <Button type="submit" loading={save.isPending} disabled={blocked !== undefined} title={blocked}>{nodes.length > 0 ? t('action.shareGo') : t('cell.make')}</Button>
      </div>
    </form>
  );

  async function undo(one: Cell): Promise<void> {
    try {
      await shareApi.endCell(one.id);
      refreshShares();
      toast(t('cell.ended', { label: one.label }));
    } catch (error) {
      toast(sentence(error), { tone: 'bad' });
    }
  }
}

// Managers are named once the Cell is there; that one of them is refused takes
// nothing from the others.
async function appoint(cell: Cell, draft: CellDraft, failed: string): Promise<void> {
  const users = draft.gives.filter((one) => one.manager && one.to.kind === 'user').map((one) => one.to.id);
  const results = await Promise.allSettled(users.map((user) => shareApi.setManager(cell.id, user, true)));
  const bad = results.find((one) => one.status === 'rejected');
  if (bad) toast(`${failed} ${sentence(bad.reason)}`, { tone: 'bad' });
}

type FieldProps = { /** Whether a folder is made for it. */ folder: boolean; draft: CellDraft; set: (change: Partial<CellDraft>) => void; wrong: (field: string) => string | undefined };

/** What a Cell is called, and the rest that is rarely needed. */
function CellFields({ folder, draft, set, wrong }: FieldProps) {
  const { t } = useTranslation();
  const [today] = useState(() => dayOf(new Date()));
  return (
    <>
      <TextInput label={t('cell.label')} description={folder ? t('cell.folderText') : undefined} inputWrapperOrder={['label', 'input', 'description', 'error']} value={draft.label} maxLength={200} autoComplete="off" error={wrong('label')} onChange={(event) => set({ label: event.currentTarget.value })} />
      <details className={css.details}>
        <summary>{t('share.more')}</summary>
        <div className={css.fields}>
          <div className={css.pair}>
            <TextInput type="date" label={t('share.firstDay')} value={draft.from} error={wrong('from')} onChange={(event) => set({ from: event.currentTarget.value })} />
            <TextInput type="date" label={t('share.lastDay')} min={today} value={draft.until} error={wrong('until')} onChange={(event) => set({ until: event.currentTarget.value })} />
          </div>
          <Textarea label={t('cell.description')} value={draft.description} maxLength={2000} autosize={false} rows={2} onChange={(event) => set({ description: event.currentTarget.value })} />
          <Switch label={t('cell.discreet')} description={t('cell.discreetText')} checked={draft.discreet} onChange={(event) => set({ discreet: event.currentTarget.checked })} />
        </div>
      </details>
    </>
  );
}

/** Where a new Cell has its page. */
export function CellRef({ cell }: { cell: Pick<Cell, 'id' | 'label'> }) {
  return <Link href={cellPath(cell.id)}>{cell.label}</Link>;
}
