// What is typed about a Cell or a link, and how the API wants it.
import { dayOf, endOf } from '../account/expiry';
import { ApiError } from '../api/http';
import type { CellIn, Link, LinkChange, LinkIn, LinkMode, MemberIn, Ref, Right } from './types';

/** Who was found to share with. */
export type Found = { kind: 'user' | 'group' | 'team' | 'role' | 'email'; id: string; label: string; hint?: string; name?: string };

/** "read", "write" for both rights, "put" for write alone, or "policy:" and the policies. */
export type Hold = string;
const byPolicy = 'policy:';

/** What a member holds, as one choice. */
export function holdOf({ rights, policies = [] }: { rights: readonly Right[]; policies?: readonly string[] }): Hold {
  if (policies.length > 0) return byPolicy + policies.join(',');
  if (!rights.includes('write')) return 'read';
  return rights.includes('read') ? 'write' : 'put';
}

/** The choice as rights or policies. */
export function heldBy(hold: Hold): { rights: Right[] } | { policies: string[] } {
  if (hold.startsWith(byPolicy)) return { policies: hold.slice(byPolicy.length).split(',') };
  return { rights: hold === 'read' ? ['read'] : hold === 'put' ? ['write'] : ['read', 'write'] };
}

export const policyHold = (id: string): Hold => byPolicy + id;
/** The policies of a choice; none where it is of rights. */
export const policiesOf = (hold: Hold): string[] => (hold.startsWith(byPolicy) ? hold.slice(byPolicy.length).split(',') : []);

export type GiveDraft = { to: Found; hold: Hold; until: string; manager: boolean };
export type CellDraft = { label: string; folder: string; description: string; gives: GiveDraft[]; from: string; until: string; discreet: boolean };
export const blankCell: CellDraft = { label: '', folder: '', description: '', gives: [], from: '', until: '', discreet: false };

export function refIn(found: Found): Ref {
  return found.kind === 'email' ? { email: found.id, name: found.name || undefined } : { [found.kind]: found.id };
}

/** The last instant of a day where the reader is; undefined for no day. */
export const endOfDay = (day: string, now = new Date()): string | undefined => (day === '' ? undefined : endOf('date', day, now));

/** The first instant of a day where the reader is; undefined for no day. */
export function startOfDay(day: string): string | undefined {
  if (day === '') return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).toISOString();
}

/** The day of an instant, as a date field writes it. */
export function dayIn(instant: string | undefined): string {
  const at = new Date(instant ?? '');
  return Number.isNaN(at.getTime()) ? '' : dayOf(at);
}

export const memberIn = ({ to, hold, until }: GiveDraft): MemberIn => ({ ...refIn(to), ...heldBy(hold), expires: endOfDay(until) });

/** A new Cell; one without nodes gets a folder of its own. */
export function cellIn(draft: CellDraft, nodes: readonly string[]): CellIn {
  return {
    label: draft.label.trim(), description: draft.description.trim() || undefined, members: draft.gives.map(memberIn), from: startOfDay(draft.from), until: endOfDay(draft.until), discreet: draft.discreet || undefined,
    ...(nodes.length > 0 ? { nodes: [...nodes] } : { folder: draft.folder.trim() || draft.label.trim() }),
  };
}

export type LinkDraft = {
  mode: LinkMode; label: string; slug: string; /** Whether one is asked for; what is typed is a new one. */ locked: boolean; password: string; from: string; until: string; downloads: string; /** In megabytes. */ upload: string; people: Found[];
  watermark: boolean; policies: string[];
};
export const blankLink: LinkDraft = { mode: 'read', label: '', slug: '', locked: false, password: '', from: '', until: '', downloads: '', upload: '', people: [], watermark: false, policies: [] };

const megabyte = 1_000_000;
const countOf = (text: string): number | undefined => (Number(text) > 0 ? Number(text) : undefined);
const bytesOf = (text: string): number | undefined => (Number(text) > 0 ? Math.round(Number(text) * megabyte) : undefined);

export function linkIn(draft: LinkDraft, node: string): LinkIn {
  return {
    node, mode: draft.mode, label: draft.label.trim() || undefined, slug: draft.slug.trim() || undefined, password: draft.locked ? draft.password || undefined : undefined, from: startOfDay(draft.from), until: endOfDay(draft.until),
    downloads: takesDownloads(draft.mode) ? countOf(draft.downloads) : undefined, upload: takesUploads(draft.mode) ? bytesOf(draft.upload) : undefined,
    people: draft.people.length > 0 ? draft.people.map(refIn) : undefined, watermark: (showsPreviews(draft.mode) && draft.watermark) || undefined, policies: draft.policies.length > 0 ? draft.policies : undefined,
  };
}

/** A link as fields to change. */
export function linkDraftOf(link: Link): LinkDraft {
  return {
    mode: link.mode, label: link.label, slug: link.slug ?? '', locked: link.password, password: '', from: dayIn(link.from), until: dayIn(link.until),
    downloads: link.downloads ? String(link.downloads) : '', upload: link.upload ? String(link.upload / megabyte) : '', watermark: link.watermark, policies: link.policies ?? [],
    people: link.people.map((one) => ({ kind: one.kind, id: one.kind === 'user' ? (one.user ?? one.role) : one.role, label: one.label })),
  };
}

/** Only what differs; an empty date or password takes it away, and so does the figure 0. */
export function linkChange(before: Link, draft: LinkDraft): LinkChange {
  const was = linkDraftOf(before);
  const change: LinkChange = {};
  if (draft.mode !== was.mode) change.mode = draft.mode;
  if (draft.label.trim() !== was.label) change.label = draft.label.trim();
  if (draft.slug.trim() !== was.slug) change.slug = draft.slug.trim();
  if (draft.locked && draft.password !== '') change.password = draft.password;
  if (!draft.locked && was.locked) change.password = '';
  if (draft.from !== was.from) change.from = startOfDay(draft.from) ?? '';
  if (draft.until !== was.until) change.until = endOfDay(draft.until) ?? '';
  if (draft.downloads !== was.downloads) change.downloads = countOf(draft.downloads) ?? 0;
  if (draft.upload !== was.upload) change.upload = bytesOf(draft.upload) ?? 0;
  if (draft.watermark !== was.watermark) change.watermark = draft.watermark;
  const key = (all: readonly Found[]) => all.map((one) => `${one.kind} ${one.id}`).join();
  if (key(draft.people) !== key(was.people)) change.people = draft.people.map(refIn);
  if (draft.policies.join() !== was.policies.join()) change.policies = draft.policies;
  return change;
}

/** What fits which mode; what does not is not asked for. */
export const takesDownloads = (mode: LinkMode) => mode === 'read' || mode === 'download' || mode === 'edit';
export const takesUploads = (mode: LinkMode) => mode === 'drop' || mode === 'edit';
export const showsPreviews = (mode: LinkMode) => mode === 'read' || mode === 'preview' || mode === 'edit';

const slugText = /^[a-z0-9-]{8,64}$/;
export const isSlug = (text: string) => slugText.test(text);
export const isMail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

/** The field that an error is about; empty where it is about the whole. */
export function fieldOf(error: unknown): string {
  if (!(error instanceof ApiError)) return '';
  const place = /^(?:body\.)?(\w+)/.exec(error.errors[0]?.location ?? '')?.[1] ?? '';
  if (place === 'members') return place; // whatever is wrong with one of them
  switch (error.code) {
    case 'slug': case 'taken': return 'slug';
    case 'past': case 'too-long': return 'until';
    case 'weak-password': return 'password';
    case 'too-large': return 'upload';
    case 'twice': case 'not-held': case 'policy-not-offered': return 'members';
    case 'gone': return 'nodes';
    default: return place;
  }
}
