// Everything one can do to nodes and folders, in one place: the menus, the
// bar, the keys and the palette all take it from here. Whether it is allowed
// is what the server said; nothing is worked out again.
import {
  IconArrowsMove, IconClipboard, IconCopy, IconCut, IconDownload, IconExternalLink, IconEye, IconFolderPlus, IconFolderUp,
  IconHandStop, IconInfoCircle, IconLink, IconPencil, IconShare2, IconTrash, IconUpload, type TablerIcon,
} from '@tabler/icons-react';
import type { AbilityName, Node } from '../api/types';
import { asSentence } from '../app/errors';
import { sentPath } from '../app/paths';
import { openDialog } from '../dialogs/dialogs';
import { toast } from '../feedback/toasts';
import type { Translate } from '../i18n';
import { pickFiles } from '../upload/pick';
import { clipboard, type Clip } from './clipboard';
import { binNodes, copyNodes, downloadNodes, moveNodes } from './operations';

export type ActionId =
  | 'open' | 'preview' | 'download' | 'share' | 'ask' | 'rename' | 'move' | 'copyTo' | 'cut' | 'copy' | 'paste' | 'link' | 'details' | 'bin'
  | 'newFolder' | 'uploadFiles' | 'uploadFolder' | 'restore' | 'deleteForGood';

export type Action = {
  id: ActionId;
  label: string;
  icon: TablerIcon;
  keys?: string;
  /** Why it cannot be done now, in the server's words. */
  denied?: string;
  danger?: boolean;
  /** Actions of one group stand together in a menu. */
  group: number;
  run: () => void;
};

/** The server's reason why one of the nodes refuses; undefined where all allow. */
export function refusal(nodes: readonly Node[], ability: AbilityName, t: Translate): string | undefined {
  const against = nodes.find((node) => !node.abilities[ability].allowed);
  if (!against) return undefined;
  const reason = asSentence(against.abilities[ability].reason ?? t('action.denied'));
  return nodes.length > 1 ? t('action.deniedFor', { name: against.name, reason }) : reason;
}

export type Doing = {
  open: (node: Node) => void;
  preview: (node: Node) => void;
  rename: (node: Node) => void;
  details: () => void;
  done: () => void;
};

/** What can be done to the chosen nodes. */
export function nodeActions(nodes: readonly Node[], folder: Node | undefined, doing: Doing, t: Translate): Action[] {
  const [first] = nodes;
  if (!first) return [];
  const single = nodes.length === 1;
  const chosen = [...nodes];
  const actions: Action[] = [];
  if (single) actions.push({ id: 'open', label: t('action.open'), icon: IconExternalLink, keys: 'Enter', group: 1, denied: refusal(chosen, 'read', t), run: () => doing.open(first) });
  if (single && first.previewable) {
    actions.push({ id: 'preview', label: t('action.preview'), icon: IconEye, keys: 'Space', group: 1, denied: refusal(chosen, 'read', t), run: () => doing.preview(first) });
  }
  actions.push({
    id: 'download', label: single && first.type === 'LEAF' ? t('action.download') : t('action.downloadZip'), icon: IconDownload, group: 1,
    denied: refusal(chosen, 'download', t), run: () => downloadNodes(chosen, folder?.name ?? 'alveary'),
  });
  // Why it cannot be shared, or not so, is said where one chooses with whom.
  actions.push({ id: 'share', label: t('action.share'), icon: IconShare2, keys: '.', group: 1, run: () => openDialog({ kind: 'share', nodes: chosen }) });
  if (single) actions.push({ id: 'rename', label: t('action.rename'), icon: IconPencil, keys: 'F2', group: 2, denied: refusal(chosen, 'rename', t), run: () => doing.rename(first) });
  if (folder) {
    actions.push(
      { id: 'move', label: t('action.move'), icon: IconArrowsMove, group: 2, denied: refusal(chosen, 'move', t), run: () => openDialog({ kind: 'place', nodes: chosen, mode: 'move', start: folder }) },
      { id: 'copyTo', label: t('action.copyTo'), icon: IconCopy, group: 2, denied: refusal(chosen, 'copy', t), run: () => openDialog({ kind: 'place', nodes: chosen, mode: 'copy', start: folder }) },
    );
  }
  actions.push(
    { id: 'cut', label: t('action.cut'), icon: IconCut, keys: 'Ctrl X', group: 3, denied: refusal(chosen, 'move', t), run: () => take('cut', chosen, t) },
    { id: 'copy', label: t('action.copy'), icon: IconClipboard, keys: 'Ctrl C', group: 3, denied: refusal(chosen, 'copy', t), run: () => take('copy', chosen, t) },
  );
  if (single) {
    actions.push(
      { id: 'link', label: t('action.link'), icon: IconLink, group: 4, run: () => void copyLink(first, t) },
      { id: 'details', label: t('action.details'), icon: IconInfoCircle, group: 4, run: doing.details },
    );
    actions.push(...asking(first, t));
  }
  actions.push({
    id: 'bin', label: t('action.bin'), icon: IconTrash, keys: 'Del', group: 5, danger: true, denied: refusal(chosen, 'bin', t),
    run: () => { doing.done(); void binNodes(chosen); },
  });
  return actions;
}

// Where a right is missing, those who look after the thing can be asked for it.
function asking(node: Node, t: Translate): Action[] {
  const { download, write } = node.abilities;
  if (download.allowed && write.allowed) return [];
  return [{ id: 'ask', label: t('action.ask'), icon: IconHandStop, group: 4, run: () => openDialog({ kind: 'ask', node: node.id, name: node.name, rights: download.allowed ? ['read', 'write'] : ['read'] }) }];
}

/** What can be done in the folder that is shown. */
export function folderActions(folder: Node | undefined, clip: Clip | null, t: Translate): Action[] {
  if (!folder) return [];
  const create = refusal([folder], 'createFolder', t);
  const upload = refusal([folder], 'upload', t);
  const actions: Action[] = [
    { id: 'newFolder', label: t('action.newFolder'), icon: IconFolderPlus, group: 1, denied: create, run: () => openDialog({ kind: 'folder', parent: folder }) },
    { id: 'uploadFiles', label: t('action.uploadFiles'), icon: IconUpload, group: 2, denied: upload, run: () => pickFiles(folder, false) },
    { id: 'uploadFolder', label: t('action.uploadFolder'), icon: IconFolderUp, group: 2, denied: upload, run: () => pickFiles(folder, true) },
  ];
  if (clip) {
    actions.push({
      id: 'paste', label: t('action.paste', { count: clip.nodes.length }), icon: IconClipboard, keys: 'Ctrl V', group: 3,
      denied: refusal([folder], 'write', t), run: () => paste(folder),
    });
  }
  actions.push(...asking(folder, t));
  return actions;
}

/** Puts what was cut or copied into the folder. */
export function paste(folder: Node): void {
  const clip = clipboard.get();
  if (!clip) return;
  if (clip.mode === 'copy') {
    void copyNodes(clip.nodes, folder);
    return;
  }
  clipboard.set(null);
  void moveNodes(clip.nodes, folder);
}

function take(mode: Clip['mode'], nodes: Node[], t: Translate): void {
  clipboard.set({ mode, nodes });
  toast(mode === 'cut' ? t('clip.cut', { count: nodes.length }) : t('clip.copied', { count: nodes.length }));
}

async function copyLink(node: Node, t: Translate): Promise<void> {
  const url = location.origin + sentPath(node);
  try {
    await navigator.clipboard.writeText(url);
    toast(t('link.copied'));
  } catch {
    toast(t('link.shown', { url }), { tone: 'bad' });
  }
}
