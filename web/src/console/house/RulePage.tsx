import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconFolderSearch, IconTrash, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import { consolePath, sharePath } from '../../app/paths';
import { queryClient } from '../../app/queries';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { SaveBar } from '../../share/SaveBar';
import { shareName } from '../../share/ShareTable';
import { refreshShares } from '../../share/queries';
import type { Share } from '../../share/types';
import { stopText } from '../../share/words';
import { NodePicker } from '../access/NodePicker';
import css from '../Console.module.css';
import { Confirm } from '../parts/Confirm';
import { Page } from '../parts/Page';
import { useRoles } from '../queries';
import { houseApi, houseKey, useHouseRules } from './api';
import { placeOf, useRoleNames } from './HousePage';
import own from './House.module.css';
import { sameTerms, saysAnything } from './terms';
import { TermsForm } from './TermsForm';
import type { HouseRule, HouseRuleIn, Terms } from './types';

/** One house rule with its address, or a new one. */
export default function RulePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const rules = useHouseRules();
  if (id === 'new') return <Editor />;
  const rule = rules.data?.find((one) => one.id === id);
  if (rule) return <Editor rule={rule} />;
  if (rules.data) return <Nowhere text={t('house.gone')} />;
  if (rules.error) return <ListError error={rules.error} retry={() => void rules.refetch()} />;
  return <Waiting />;
}

type RuleBody = HouseRuleIn & { id?: string };

function Editor({ rule }: { rule?: HouseRule }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const named = useRoleNames();
  const [role, setRole] = useState(rule?.role.id ?? '');
  const [node, setNode] = useState<{ id: string; path: string } | undefined>(rule?.node);
  const [terms, setTerms] = useState<Terms>(rule?.terms ?? {});
  const [picking, setPicking] = useState(false);
  const [removing, setRemoving] = useState(false);
  const everywhere = t('house.everywhere');
  const place = node ? placeOf({ node }, everywhere) : everywhere;
  const body: RuleBody = { id: rule?.id, role, node: node?.id, terms };
  const dirty = rule ? !sameTerms(terms, rule.terms) : role !== '' || saysAnything(terms);
  const blocked = role === '' ? t('house.noRole') : saysAnything(terms) ? undefined : t('house.saysNothing');
  const refresh = () => {
    void queryClient.invalidateQueries({ queryKey: houseKey });
    refreshShares();
  };
  const save = async () => {
    const saved = rule ? await houseApi.change(rule.id, { role, node: node?.id, terms }) : await houseApi.add({ role, node: node?.id, terms });
    refresh();
    toast(t('save.done'));
    if (!rule) navigate(consolePath('house', saved.id), { replace: true });
  };
  const remove = async () => {
    if (rule) await houseApi.remove(rule.id);
    refresh();
    toast(t('house.removed'));
    navigate(consolePath('house'), { replace: true });
  };
  const known = rule && !roles.data?.some((one) => one.id === rule.role.id) ? [rule.role] : [];
  const options = [...known, ...(roles.data ?? [])].map((one) => ({ value: one.id, label: one.label || one.id }));
  return (
    <Page
      title={rule ? t('house.title', { role: named(rule.role), place }) : t('house.new')} above={{ href: consolePath('house'), label: t('console.house') }}
      actions={rule && <Button variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setRemoving(true)}>{t('house.remove')}</Button>}
      foot={<SaveBar dirty={dirty} blocked={blocked} save={save} discard={() => { setTerms(rule?.terms ?? {}); setRole(rule?.role.id ?? ''); setNode(rule?.node); }}><Stops body={body} /></SaveBar>}
    >
      <Section id="for" title={t('house.for')} text={t('house.forText')}>
        <div className={css.form}>
          <Select label={t('house.role')} data={options} value={role || null} searchable limit={50} readOnly={rule !== undefined} placeholder={t('house.chooseRole')} nothingFoundMessage={t('table.none')} onChange={(value) => setRole(value ?? '')} />
          <TextInput
            label={t('house.node')} value={place} readOnly rightSectionWidth={node && !rule ? 68 : 36}
            rightSection={!rule && (
              <>
                {node && <ActionIcon variant="subtle" color="gray" aria-label={everywhere} onClick={() => setNode(undefined)}><IconX size={16} /></ActionIcon>}
                <ActionIcon variant="subtle" color="gray" aria-label={t('picker.title')} onClick={() => setPicking(true)}><IconFolderSearch size={18} /></ActionIcon>
              </>
            )}
          />
        </div>
      </Section>
      <Section id="terms" title={t('house.terms')} text={t('house.termsText')}><TermsForm terms={terms} onChange={setTerms} /></Section>
      {picking && <NodePicker onClose={() => setPicking(false)} onPick={(one) => { setPicking(false); setNode({ id: one.id, path: one.path }); }} />}
      {removing && <Confirm title={t('house.remove')} text={t('house.removeAsk', { role: rule ? named(rule.role) : '', place })} go={t('house.remove')} run={remove} onClose={() => setRemoving(false)} />}
    </Page>
  );
}

const patience = 400;

/**
 * What saving would stop at once, and what it would let work again. It is kept
 * apart from the rules: a rule that was just saved is not asked about anew.
 */
function Stops({ body }: { body: RuleBody }) {
  const { t } = useTranslation();
  const text = JSON.stringify(body);
  const [rested] = useDebouncedValue(text, patience);
  const asked = useQuery({ queryKey: ['house-check', rested], queryFn: ({ signal }) => houseApi.check(JSON.parse(rested) as RuleBody, signal), gcTime: 0, staleTime: 0, retry: false });
  if (asked.error) return <p>{t('save.unknown')} {sentence(asked.error)}</p>;
  if (!asked.data || rested !== text) return <p role="status">{t('house.counting')}</p>;
  const { stopped, freed } = asked.data;
  if (stopped.length + freed.length === 0) return <p role="status"><strong>{t('house.stopsNothing')}</strong></p>;
  return (
    <div role="status">
      {stopped.length > 0 && <Which says={t('house.stops', { count: stopped.length })} shares={stopped} />}
      {freed.length > 0 && <Which says={t('house.frees', { count: freed.length })} shares={freed} />}
    </div>
  );
}

function Which({ says, shares }: { says: string; shares: readonly Share[] }) {
  const { t } = useTranslation();
  return (
    <details className={own.which}>
      <summary>{says}</summary>
      <ul>{shares.map((one) => <li key={one.id}><Link href={sharePath(one)}>{shareName(one)}</Link> <small>{one.owner.name || one.owner.login}{one.void && ` · ${stopText(one.void, t)}`}</small></li>)}</ul>
    </details>
  );
}
