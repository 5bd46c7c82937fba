import { ActionIcon, Button, Menu } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconClock, IconDots, IconStar, IconStarOff, IconUserMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../account/Section';
import { asSentence, sentence } from '../app/errors';
import { Mark } from '../console/parts/Mark';
import { toast } from '../feedback/toasts';
import { formatMoment } from '../lib/format';
import { shareApi } from './api';
import { type Found, type GiveDraft, heldBy, holdOf, memberIn } from './draft';
import { EndDate } from './EndDate';
import { Face } from './Faces';
import { GiveList } from './GiveList';
import { HoldSelect } from './HoldSelect';
import { InvitedList } from './InvitedList';
import { knowCell, refreshShares, shared } from './queries';
import { RefPicker } from './RefPicker';
import { Says, useCheck } from './Says';
import css from './Share.module.css';
import type { Cell, CellMade, Member, Sharing } from './types';
import { holdWord } from './words';

/** Who gets what through a Cell, and for those who look after it the way to change that. */
export function CellMembers({ cell }: { cell: Cell }) {
  const { t } = useTranslation();
  const first = cell.nodes[0]?.id ?? '';
  const may = cell.abilities.share.allowed;
  const members = cell.members ?? [];
  const sharing = useQuery({ queryKey: shared.sharing(first), queryFn: ({ signal }) => shareApi.sharing(first, signal), enabled: may && first !== '' });
  const change = useMutation({
    mutationFn: (run: () => Promise<Cell | undefined>) => run(),
    onSuccess: (after) => {
      if (after) knowCell(after);
      refreshShares();
    },
  });
  return (
    <Section id="members" title={t('cell.members')}>
      {members.length === 0 && cell.discreet && cell.mine === 'member' ? <p className={css.dim}>{t('cell.membersHidden')}</p>
        : members.length === 0 ? <p className={css.dim}>{t('cell.noMembers')}</p>
        : <ul className={css.rows} aria-label={t('cell.members')}>{members.map((one) => <MemberRow key={`${one.role} ${one.node ?? ''}`} cell={cell} member={one} sharing={sharing.data} run={change.mutate} />)}</ul>}
      {change.error && <p role="alert" className={css.error}>{sentence(change.error)}</p>}
      {may && <Add cell={cell} sharing={sharing.data} />}
    </Section>
  );
}

type RowProps = { cell: Cell; member: Member; sharing?: Sharing; run: (change: () => Promise<Cell | undefined>) => void };

function MemberRow({ cell, member, sharing, run }: RowProps) {
  const { t, i18n } = useTranslation();
  const [dating, setDating] = useState(false);
  const may = cell.abilities.share.allowed;
  const hold = holdOf(member);
  const node = cell.nodes.find(({ id }) => id === member.node);
  const named = { name: member.label };
  const held = { ...heldBy(hold), expires: member.expires, node: member.node };
  // Taken away, and given back by the same rights where one thinks again.
  const remove = () => run(async () => {
    const after = await shareApi.removeMember(cell.id, member.role);
    const ref = member.kind === 'user' && member.user ? { user: member.user } : { role: member.role };
    toast(t('cell.memberRemoved', { ...named, cell: cell.label }), { action: { label: t('undo.go'), run: () => run(() => shareApi.addMembers(cell.id, [{ ...ref, ...held }]).then((one) => one.cell)) } });
    return after;
  });
  return (
    <li className={css.give}>
      <Face kind={member.kind} label={member.label} />
      <span className={css.who}>
        {member.label}
        <small>
          {member.external && <Mark tone="warn">{t('share.flag.external')}</Mark>} {member.manager && <Mark tone="info">{t('cell.manager')}</Mark>} {node && t('cell.only', { name: node.name })}
          {member.expires && <span className={css.clock}><IconClock size={14} stroke={1.5} aria-hidden />{t('share.untilWhen', { when: formatMoment(member.expires, i18n.language) })}</span>}
        </small>
      </span>
      {may
        ? <HoldSelect label={t('share.holdOf', named)} value={hold} sharing={sharing} className={css.hold} onChange={(next) => run(() => shareApi.changeMember(cell.id, member.role, { ...heldBy(next), expires: member.expires, node: member.node }))} />
        : <span className={css.dim}>{holdWord(hold, sharing?.policies ?? [], t)}</span>}
      {may && (
        <Menu position="bottom-end">
          <Menu.Target><ActionIcon variant="subtle" color="gray" size={36} aria-label={t('list.more', named)}><IconDots size={18} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconClock size={18} stroke={1.5} aria-hidden />} onClick={() => setDating(true)}>{t('share.setEnd')}</Menu.Item>
            {member.user && (
              <Menu.Item leftSection={member.manager ? <IconStarOff size={18} stroke={1.5} aria-hidden /> : <IconStar size={18} stroke={1.5} aria-hidden />} onClick={() => run(() => shareApi.setManager(cell.id, member.user ?? '', !member.manager))}>
                {member.manager ? t('cell.demote') : t('cell.promote')}
              </Menu.Item>
            )}
            <Menu.Item leftSection={<IconUserMinus size={18} stroke={1.5} aria-hidden />} onClick={remove}>{t('cell.removeMember')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {dating && (
        <EndDate
          before={member.expires} endless onClose={() => setDating(false)}
          run={async (until) => {
            knowCell(await shareApi.changeMember(cell.id, member.role, { ...held, expires: until }));
            refreshShares();
          }}
        />
      )}
    </li>
  );
}

/** Adds members, with the sentence about who gains before the button. */
function Add({ cell, sharing }: { cell: Cell; sharing?: Sharing }) {
  const { t } = useTranslation();
  const [gives, setGives] = useState<GiveDraft[]>([]);
  const [invited, setInvited] = useState<CellMade['invited']>([]);
  const members = gives.map(memberIn);
  const checked = useCheck(gives.length > 0 ? { id: cell.id, label: cell.label, members } : undefined);
  const add = useMutation({
    mutationFn: () => shareApi.addMembers(cell.id, members),
    onSuccess: (made) => {
      knowCell(made.cell);
      refreshShares();
      setGives([]);
      setInvited(made.invited.filter((one) => one.link !== undefined && one.link !== ''));
      toast(t('share.done', { label: cell.label }));
    },
  });
  const inIt: Found[] = (cell.members ?? []).filter((one) => one.node === undefined).map((one) => ({ kind: one.kind, id: one.user ?? one.role, label: one.label }));
  return (
    <div className={css.add}>
      {invited.length > 0 && <InvitedList invited={invited} onDone={() => setInvited([])} />}
      <RefPicker
        label={t('cell.add')} noExternal={sharing?.external === false ? asSentence(sharing.why.external ?? t('share.noExternal')) : undefined} without={[...inIt, ...gives.map(({ to }) => to)]}
        onPick={(to) => setGives([...gives, { to, hold: 'read', until: '', manager: false }])}
      />
      <GiveList gives={gives} sharing={sharing} onChange={setGives} />
      {gives.length > 0 && (
        <>
          <Says checked={checked} />
          {add.error && <p role="alert" className={css.error}>{sentence(add.error)}</p>}
          <div className={css.buttons}>
            <Button loading={add.isPending} onClick={() => add.mutate()}>{t('cell.addGo', { count: gives.length })}</Button>
            <Button variant="default" onClick={() => { add.reset(); setGives([]); }}>{t('dialog.cancel')}</Button>
          </div>
        </>
      )}
    </div>
  );
}
