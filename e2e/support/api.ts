// What tests ask the server directly, beside the page: to prepare, and to see
// whether the page told the truth.
import type { APIRequestContext, APIResponse } from '@playwright/test';

export type Node = { id: string; name: string; type: 'LEAF' | 'COLLECTION'; sha256?: string; parent?: string; path: string };

const base = '/api/v1';

async function good(response: APIResponse): Promise<APIResponse> {
  if (!response.ok()) throw new Error(`${response.url()}: ${response.status()} ${await response.text()}`);
  return response;
}

async function json<T>(response: APIResponse): Promise<T> {
  return (await good(response)).json() as Promise<T>;
}

/** The API as the person sees it whose cookies the context has. */
export class Api {
  constructor(private readonly request: APIRequestContext) {}

  async signIn(login: string, password: string): Promise<void> {
    await good(await this.request.post(`${base}/session`, { data: { login, password } }));
  }

  at(path: string): Promise<Node> {
    return this.request.get(`${base}/nodes?path=${encodeURIComponent(path)}`).then((response) => json<Node>(response));
  }

  async children(id: string): Promise<Node[]> {
    const all: Node[] = [];
    let cursor = '';
    do {
      const page = await json<{ items: Node[]; next?: string }>(await this.request.get(`${base}/nodes/${id}/children?limit=1000&cursor=${encodeURIComponent(cursor)}`));
      all.push(...page.items);
      cursor = page.next ?? '';
    } while (cursor !== '');
    return all;
  }

  /** Every file beneath a folder, by its path from there, as a digest. */
  async tree(id: string, prefix = ''): Promise<Map<string, string>> {
    const all = new Map<string, string>();
    for (const node of await this.children(id)) {
      const name = prefix + node.name;
      if (node.type === 'LEAF') all.set(name, node.sha256 ?? '');
      else for (const [beneath, sum] of await this.tree(node.id, `${name}/`)) all.set(beneath, sum);
    }
    return all;
  }

  async folder(parent: string, name: string): Promise<Node> {
    return json<Node>(await this.request.post(`${base}/nodes/${parent}/folders`, { data: { name, conflict: 'existing' } }));
  }

  async put(parent: string, name: string, content: string | Buffer, conflict = 'fail'): Promise<Node> {
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    return json<Node>(await this.request.put(`${base}/nodes/${parent}/files?conflict=${conflict}&name=${encodeURIComponent(name)}`, { data }));
  }

  async content(id: string): Promise<Buffer> {
    return (await good(await this.request.get(`${base}/nodes/${id}/content`))).body();
  }

  /** What the server says to a call, whatever it says. */
  async status(method: string, path: string, data?: unknown): Promise<number> {
    return (await this.request.fetch(base + path, { method, data })).status();
  }

  async ask<T>(method: string, path: string, data?: unknown): Promise<T> {
    return json<T>(await this.request.fetch(base + path, { method, data }));
  }

  /** A new workspace with a folder of its own, which everybody reads and writes. */
  async workspace(slug: string, label: string): Promise<Node> {
    await this.ask('POST', '/console/workspaces', { slug, label });
    await this.entry('ROOT_GROUP', slug, ['read', 'write']);
    return this.at(slug);
  }

  /** Gives a role something on a workspace or folder. */
  async entry(role: string, path: string, rights: ('read' | 'write')[], policies: string[] = []): Promise<{ id: string }> {
    return this.ask('POST', '/entries', { role, path, rights, deny: false, policies });
  }

  /** The role that a person or a group (its path) owns. */
  async roleOf(owner: string): Promise<string> {
    const { items } = await this.ask<{ items: { id: string; ownerUser?: string; ownerGroup?: string }[] }>('GET', '/roles');
    const role = items.find(({ ownerUser, ownerGroup }) => ownerUser === owner || ownerGroup === owner);
    if (!role) throw new Error(`nobody called ${owner} owns a role`);
    return role.id;
  }

  /** Ends every session but this one. */
  async endOtherSessions(): Promise<void> {
    await good(await this.request.delete(`${base}/sessions`));
  }
}
