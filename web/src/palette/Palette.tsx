import { Modal, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconBell, IconFolder, IconHandStop, IconHexagons, IconHome, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconShare2, IconShieldLock, IconSun, IconTrash, IconUser, IconUserShare, type TablerIcon } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import type { NodePage } from '../api/types';
import { useLook } from '../app/look';
import { lookForConsole, useConsole } from '../app/offered';
import { accountPath, binPath, consolePath, filesPath, noticesPath, requestsPath, sharedPath } from '../app/paths';
import { useWorkspaces } from '../app/queries';
import { closeDialog, openDialog } from '../dialogs/dialogs';
import { folderActions } from '../files/actions';
import { clipboard } from '../files/clipboard';
import { fits } from '../files/filter';
import { languages, setLanguage } from '../i18n';
import { useStore } from '../lib/store';
import { languageNames, signOut } from '../shell/AccountMenu';
import css from './Palette.module.css';

type Command = { id: string; label: string; hint?: string; icon: TablerIcon; run: () => void };

const mostShown = 50;

/** Goes anywhere and does anything, by a few letters. */
export function Palette() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const commands = useCommands();
  const found = useMemo(
    () => commands.filter((one) => text.trim() === '' || fits(`${one.label} ${one.hint ?? ''}`, text.trim())).slice(0, mostShown),
    [commands, text],
  );
  const run = (command: Command | undefined) => {
    if (!command) return;
    closeDialog();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setAt(next);
      document.getElementById(`command-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(found[at]);
    }
  };

  return (
    <Modal opened onClose={closeDialog} withCloseButton={false} centered={false} size={560} padding={0} yOffset="12vh" attributes={{ content: { 'aria-label': t('palette.label') } }}>
      <input
        className={css.field} data-autofocus value={text} placeholder={t('palette.hint')} aria-label={t('palette.label')}
        role="combobox" aria-expanded aria-controls="commands" aria-activedescendant={found.length > 0 ? `command-${at}` : undefined}
        spellCheck={false} autoComplete="off"
        onChange={(event) => { setText(event.target.value); setAt(0); }}
        onKeyDown={onKeyDown}
      />
      <div id="commands" role="listbox" aria-label={t('palette.label')} className={css.list}>
        {found.map((command, i) => (
          <div
            key={command.id} id={`command-${i}`} role="option" aria-selected={i === at} className={css.command}
            onPointerMove={() => setAt(i)} onClick={() => run(command)}
          >
            <command.icon size={18} stroke={1.5} aria-hidden />
            <span>{command.label}</span>
            {command.hint && <small>{command.hint}</small>}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={css.none} role="status">{t('palette.none')}</p>}
    </Modal>
  );
}

function useCommands(): Command[] {
  const { t } = useTranslation();
  const client = useQueryClient();
  const workspaces = useWorkspaces();
  const { setColorScheme } = useMantineColorScheme();
  const [look, setLook] = useLook();
  const clip = useStore(clipboard);
  const offered = useConsole();
  useEffect(lookForConsole, []);
  return useMemo(() => {
    const commands: Command[] = [];
    const pages = client.getQueriesData<NodePage>({ queryKey: ['children'], type: 'active' }).map(([, page]) => page);
    const folder = pages.find((page) => page?.folder)?.folder;
    for (const action of folderActions(folder, clip, t)) {
      if (action.denied === undefined) commands.push({ id: action.id, label: action.label, hint: folder?.name, icon: action.icon, run: action.run });
    }
    for (const { slug, label, root, roots, cell } of workspaces.data ?? []) {
      if (cell) {
        commands.push({ id: slug, label, hint: t('palette.go'), icon: IconHexagons, run: () => navigate(filesPath(slug)) });
        continue;
      }
      if (root) commands.push({ id: slug, label, hint: t('palette.go'), icon: IconHome, run: () => navigate(filesPath(slug)) });
      for (const node of roots) commands.push({ id: node.id, label: node.name, hint: label, icon: IconFolder, run: () => navigate(filesPath(node.path)) });
    }
    commands.push(
      { id: 'with-me', label: t('rail.withMe'), hint: t('palette.go'), icon: IconUserShare, run: () => navigate(sharedPath('with-me')) },
      { id: 'by-me', label: t('rail.byMe'), hint: t('palette.go'), icon: IconShare2, run: () => navigate(sharedPath('by-me')) },
      { id: 'requests', label: t('rail.requests'), hint: t('palette.go'), icon: IconHandStop, run: () => navigate(requestsPath) },
      { id: 'notices', label: t('notice.bell'), hint: t('palette.go'), icon: IconBell, run: () => navigate(noticesPath) },
      { id: 'bin', label: t('rail.bin'), hint: t('palette.go'), icon: IconTrash, run: () => navigate(binPath) },
      { id: 'account', label: t('account.open'), hint: t('palette.go'), icon: IconUser, run: () => navigate(accountPath) },
    );
    if (offered) commands.push({ id: 'console', label: t('rail.console'), hint: t('palette.go'), icon: IconShieldLock, run: () => navigate(consolePath()) });
    // Every folder that was seen lately, not only those in sight.
    const seen = new Set<string>();
    for (const [, page] of client.getQueriesData<NodePage>({ queryKey: ['children'] })) {
      for (const node of page?.items ?? []) {
        if (node.type !== 'COLLECTION' || seen.has(node.id)) continue;
        seen.add(node.id);
        commands.push({ id: `folder-${node.id}`, label: node.name, hint: node.path, icon: IconFolder, run: () => navigate(filesPath(node.path)) });
      }
    }
    commands.push(
      { id: 'view', label: look.view === 'list' ? t('view.grid') : t('view.list'), icon: IconFolder, run: () => setLook({ view: look.view === 'list' ? 'grid' : 'list' }) },
      { id: 'light', label: t('theme.light'), hint: t('theme.label'), icon: IconSun, run: () => setColorScheme('light') },
      { id: 'dark', label: t('theme.dark'), hint: t('theme.label'), icon: IconMoon, run: () => setColorScheme('dark') },
      { id: 'auto', label: t('theme.auto'), hint: t('theme.label'), icon: IconSun, run: () => setColorScheme('auto') },
      ...languages.map((language) => ({
        id: `language-${language}`, label: languageNames[language], hint: t('language.label'), icon: IconLanguage, run: () => void setLanguage(language),
      })),
      { id: 'keys', label: t('keys.title'), icon: IconKeyboard, run: () => openDialog({ kind: 'keys' }) },
      { id: 'signOut', label: t('account.signOut'), icon: IconLogout, run: () => void signOut() },
    );
    return commands;
  }, [t, client, workspaces.data, setColorScheme, look, setLook, clip, offered]);
}
