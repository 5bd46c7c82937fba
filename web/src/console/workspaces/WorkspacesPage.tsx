import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconFolderSearch, IconLayoutGrid, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { placeName } from '../../app/places';
import { Empty } from '../../files/Empty';
import { NodePicker } from '../access/NodePicker';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { idFor } from '../model/policy';
import { NewForm } from '../parts/NewForm';
import { Page } from '../parts/Page';
import { type Column, Table } from '../parts/Table';
import { refreshConsole, useConsoleWorkspaces } from '../queries';
import type { ConsoleWorkspace, PickerNode } from '../types';

/** The entry points into the tree. */
export default function WorkspacesPage() {
  const { t } = useTranslation();
  const workspaces = useConsoleWorkspaces();
  const [making, setMaking] = useState(false);
  const columns: Column<ConsoleWorkspace>[] = [
    { key: 'label', label: t('workspaces.label'), value: (one) => placeName(one.label) },
    { key: 'slug', label: t('workspaces.slug'), value: (one) => one.slug },
    { key: 'path', label: t('workspaces.folder'), value: (one) => one.path ?? (one.template ? t('workspaces.template') : '') },
  ];
  return (
    <Page title={t('console.workspaces')} actions={!making && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('workspaces.new')}</Button>}>
      <p className={css.about}>{t('workspaces.about')}</p>
      {making && <NewWorkspace onClose={() => setMaking(false)} />}
      <Asked query={workspaces}>
        {(all) => (
          <Table
            label={t('console.workspaces')} columns={columns} rows={all} id={(one) => one.slug} href={(one) => consolePath('workspaces', one.slug)} text={(one) => `${one.slug} ${one.label} ${one.path ?? ''}`}
            empty={<Empty icon={IconLayoutGrid} title={t('workspaces.none')} />}
          />
        )}
      </Asked>
    </Page>
  );
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [own, setOwn] = useState<string>();
  const [folder, setFolder] = useState<PickerNode>();
  const [picking, setPicking] = useState(false);
  const slug = own ?? idFor(label);
  const make = async () => {
    const made = await consoleApi.addWorkspace({ slug, label: label.trim(), node: folder?.id });
    refreshConsole();
    navigate(consolePath('workspaces', made.slug));
  };
  return (
    <NewForm title={t('workspaces.new')} make={make} disabled={label.trim() === '' || slug === ''} onClose={onClose}>
      <TextInput label={t('workspaces.label')} value={label} autoFocus onChange={(event) => setLabel(event.currentTarget.value)} />
      <TextInput label={t('workspaces.slug')} description={t('workspaces.slugText')} value={slug} spellCheck={false} onChange={(event) => setOwn(event.currentTarget.value)} />
      <TextInput
        label={t('workspaces.folder')} description={t('workspaces.folderText')} value={folder?.path ?? ''} readOnly placeholder={t('workspaces.folderNew')}
        rightSection={<ActionIcon variant="subtle" color="gray" aria-label={t('picker.title')} onClick={() => setPicking(true)}><IconFolderSearch size={18} /></ActionIcon>}
      />
      {picking && <NodePicker onClose={() => setPicking(false)} onPick={(node) => { setPicking(false); setFolder(node); }} />}
    </NewForm>
  );
}
