// Changes to many nodes at once: what failed is told by name, what was done
// can be undone where the server can undo it.
import { api, archiveUrl, contentUrl } from '../api/client';
import { ApiError } from '../api/http';
import type { Conflict, Node } from '../api/types';
import { sentence } from '../app/errors';
import { refreshBin, refreshFolders, refreshNode } from '../app/queries';
import { askConflict, type ConflictChoice } from '../dialogs/dialogs';
import { closeToast, toast } from '../feedback/toasts';
import { t } from '../i18n';

type Failure = { node: Node; error: unknown };
export type Outcome<T> = { done: { before: Node; after: T }[]; failed: Failure[] };

const atOnce = 4;
const worthTelling = 20;

/** Applies one change to every node, a few at a time, in order of the list. */
export async function each<T>(nodes: readonly Node[], change: (node: Node) => Promise<T | undefined>): Promise<Outcome<T>> {
  const outcome: Outcome<T> = { done: [], failed: [] };
  let next = 0;
  const worker = async () => {
    for (let node = nodes[next++]; node; node = nodes[next++]) {
      try {
        const after = await change(node);
        if (after !== undefined) outcome.done.push({ before: node, after });
      } catch (error) {
        outcome.failed.push({ node, error });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcome;
}

async function withBusy<T>(nodes: readonly Node[], work: Promise<T>): Promise<T> {
  const id = nodes.length >= worthTelling ? toast(t('busy.items', { count: nodes.length }), { busy: true }) : 0;
  try {
    return await work;
  } finally {
    if (id) closeToast(id);
  }
}

function tellFailures(failed: readonly Failure[]): void {
  if (failed.length === 0) return;
  const [first] = failed;
  if (failed.length === 1 && first) {
    toast(t('fail.one', { name: first.node.name, why: sentence(first.error) }), { tone: 'bad' });
    return;
  }
  toast(t('fail.many', { count: failed.length }), {
    tone: 'bad',
    more: failed.slice(0, 20).map(({ node, error }) => t('fail.one', { name: node.name, why: sentence(error) })),
  });
}

function tellDone(text: string, undo?: () => void): void {
  toast(text, undo && { action: { label: t('undo.go'), run: undo } });
}

// Asks once per name that is taken, or once for all of them.
function asker(total: number) {
  let forAll: ConflictChoice | undefined;
  let asked = 0;
  return async (name: string): Promise<ConflictChoice> => {
    if (forAll) return forAll;
    asked++;
    const answer = await askConflict(name, total - asked, () => forAll);
    if (answer.all) forAll = answer.choice;
    return answer.choice;
  };
}

async function placing<T>(node: Node, ask: (name: string) => Promise<ConflictChoice>, call: (conflict: Conflict) => Promise<T>) {
  try {
    return await call('fail');
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'name-exists') throw error;
    const choice = await ask(node.name);
    return choice === 'skip' ? undefined : await call(choice);
  }
}

/** Moves nodes into a folder. Those that are there already are left alone. */
export async function moveNodes(nodes: readonly Node[], target: Node): Promise<void> {
  const moving = nodes.filter((node) => node.parent !== target.id && node.id !== target.id);
  if (moving.length === 0) return;
  const ask = asker(moving.length);
  const { done, failed } = await withBusy(
    moving,
    each(moving, (node) => placing(node, ask, (conflict) => api.move(node.id, target.id, conflict))),
  );
  const touched = [target.id, ...moving.map((node) => node.parent)];
  refreshFolders(touched);
  for (const { after } of done) refreshNode(after);
  if (done.length > 0) {
    const back = done.filter(({ before }) => before.parent);
    const text = done.length === 1 ? t('moved.one', { name: done[0]?.before.name, folder: target.name }) : t('moved.many', { count: done.length, folder: target.name });
    tellDone(text, back.length > 0 ? () => void undoMove(back.map(({ before }) => before), touched) : undefined);
  }
  tellFailures(failed);
}

async function undoMove(before: readonly Node[], touched: (string | undefined)[]): Promise<void> {
  const { done, failed } = await each(before, (node) => api.move(node.id, node.parent ?? '', 'rename', node.name));
  refreshFolders(touched);
  for (const { after } of done) refreshNode(after);
  tellFailures(failed);
}

/** Copies nodes into a folder; a copy beside its original gets a name of its own. */
export async function copyNodes(nodes: readonly Node[], target: Node): Promise<void> {
  const ask = asker(nodes.length);
  const { done, failed } = await withBusy(
    nodes,
    each(nodes, (node) =>
      node.parent === target.id
        ? api.copy(node.id, target.id, 'rename')
        : placing(node, ask, (conflict) => api.copy(node.id, target.id, conflict)),
    ),
  );
  refreshFolders([target.id]);
  if (done.length > 0) {
    const made = done.map(({ after }) => after.node);
    const text = done.length === 1 ? t('copied.one', { name: done[0]?.before.name, folder: target.name }) : t('copied.many', { count: done.length, folder: target.name });
    tellDone(text, () => void binQuietly(made, [target.id]));
    const leftOut = done.reduce((sum, { after }) => sum + after.leftOut, 0);
    if (leftOut > 0) toast(t('copied.leftOut', { count: leftOut }));
  }
  tellFailures(failed);
}

async function binQuietly(nodes: readonly Node[], touched: (string | undefined)[]): Promise<void> {
  const { failed } = await each(nodes, (node) => api.bin(node.id));
  refreshFolders(touched);
  refreshBin();
  tellFailures(failed);
}

/** Moves nodes to the bin. */
export async function binNodes(nodes: readonly Node[]): Promise<void> {
  const { done, failed } = await withBusy(nodes, each(nodes, (node) => api.bin(node.id)));
  const touched = nodes.map((node) => node.parent);
  refreshFolders(touched);
  refreshBin();
  if (done.length > 0) {
    const text = done.length === 1 ? t('binned.one', { name: done[0]?.before.name }) : t('binned.many', { count: done.length });
    tellDone(text, () => void undoBin(done.map(({ before }) => before), touched));
  }
  tellFailures(failed);
}

async function undoBin(nodes: readonly Node[], touched: (string | undefined)[]): Promise<void> {
  const { failed } = await each(nodes, (node) => api.restore(node.id, { conflict: 'rename' }));
  refreshFolders(touched);
  refreshBin();
  tellFailures(failed);
}

/** Takes nodes out of the bin, back to where they were. */
export async function restoreNodes(nodes: readonly Node[]): Promise<void> {
  const { done, failed } = await withBusy(nodes, each(nodes, (node) => api.restore(node.id, { conflict: 'rename' })));
  refreshBin();
  refreshFolders(done.map(({ after }) => after.parent));
  if (done.length > 0) {
    const text = done.length === 1 ? t('restored.one', { name: done[0]?.after.name }) : t('restored.many', { count: done.length });
    tellDone(text, () => void binQuietly(done.map(({ after }) => after), done.map(({ after }) => after.parent)));
  }
  tellFailures(failed);
}

/** Deletes nodes for good; asked for beforehand. */
export async function deleteNodes(nodes: readonly Node[]): Promise<void> {
  const { done, failed } = await withBusy(nodes, each(nodes, (node) => api.deleteForGood(node.id).then(() => true)));
  refreshBin();
  refreshFolders(nodes.map((node) => node.parent));
  if (done.length > 0) tellDone(t('deleted.done', { count: done.length }));
  tellFailures(failed);
}

/** Gives a node another name; the caller shows what goes wrong beside the field. */
export async function renameNode(node: Node, name: string): Promise<Node> {
  const after = await api.rename(node.id, name);
  refreshFolders([node.parent]);
  refreshNode(after);
  tellDone(t('renamed.done', { name: after.name }), () => {
    api.rename(node.id, node.name)
      .then((back) => { refreshFolders([node.parent]); refreshNode(back); })
      .catch((error: unknown) => tellFailures([{ node: after, error }]));
  });
  return after;
}

/** Saves one file, or a zip of everything that was chosen. */
export function downloadNodes(nodes: readonly Node[], name: string): void {
  const [first] = nodes;
  if (!first) return;
  if (nodes.length === 1 && first.type === 'LEAF') {
    const link = document.createElement('a');
    link.href = contentUrl(first.id);
    link.download = first.name;
    link.click();
    return;
  }
  // A form, because only a form lets the browser save a stream by itself.
  const frame = document.querySelector<HTMLIFrameElement>('iframe[name=download]') ?? document.createElement('iframe');
  frame.name = 'download';
  frame.hidden = true;
  frame.title = t('action.download');
  const form = document.createElement('form');
  form.method = 'post';
  form.action = archiveUrl;
  form.target = 'download';
  const fields = { nodes: nodes.map((node) => node.id).join(','), name: nodes.length === 1 ? first.name : name };
  for (const [key, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = key;
    field.value = value;
    form.append(field);
  }
  document.body.append(frame, form);
  form.submit();
  form.remove();
}
