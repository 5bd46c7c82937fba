// Where in a JSON text a place such as rules[2].conditions.RemoteAddress stands.
import { jsonLanguage } from '@codemirror/lang-json';
import { placeOf } from './errors';

type SyntaxNode = ReturnType<typeof jsonLanguage.parser.parse>['topNode'];

export type Span = { from: number; to: number };

function keyOf(text: string, property: SyntaxNode): string {
  const name = property.getChild('PropertyName');
  if (!name) return '';
  try {
    return JSON.parse(text.slice(name.from, name.to)) as string;
  } catch {
    return text.slice(name.from + 1, name.to - 1);
  }
}

const ends = (rest: string) => rest === '' || rest.startsWith('.') || rest.startsWith('[');

/** The property whose name the rest of the place begins with; names may hold dots, so the longest counts. */
function property(text: string, object: SyntaxNode, rest: string): { node: SyntaxNode; name: string } | undefined {
  let best: { node: SyntaxNode; name: string } | undefined;
  for (const node of object.getChildren('Property')) {
    const name = keyOf(text, node);
    if (rest.startsWith(name) && ends(rest.slice(name.length)) && name.length >= (best?.name.length ?? 0)) best = { node, name };
  }
  return best;
}

const valueOf = (property: SyntaxNode): SyntaxNode | null => {
  const last = property.lastChild;
  return last && last.name !== 'PropertyName' ? last : null;
};

/** The span of the value at the place; of the nearest one around it that is there. */
export function locate(text: string, location: string): Span {
  const top = jsonLanguage.parser.parse(text).topNode;
  let node: SyntaxNode | null = top.firstChild;
  let rest = placeOf(location);
  let span: Span = { from: node?.from ?? 0, to: node?.from ?? 0 };
  while (node) {
    span = node.name === 'Object' || node.name === 'Array' ? { from: node.from, to: Math.min(node.from + 1, text.length) } : { from: node.from, to: node.to };
    if (rest === '') return span;
    const index = /^\.?\[?(\d+)\]?/.exec(rest);
    if (node.name === 'Array' && index) {
      const items: SyntaxNode[] = [];
      for (let child = node.firstChild; child; child = child.nextSibling) if (/^(?:Object|Array|String|Number|True|False|Null)$/.test(child.name)) items.push(child);
      const item = items[Number(index[1])];
      if (!item) {
        // Conditions written as a list are still named by their attribute.
        return span;
      }
      node = item;
      rest = rest.slice(index[0].length);
      continue;
    }
    rest = rest.replace(/^\./, '');
    if (node.name === 'Array') {
      const named = namedItem(text, node, rest);
      if (!named) return span;
      node = named.node;
      rest = rest.slice(named.name.length);
      continue;
    }
    if (node.name !== 'Object') return span;
    const found = property(text, node, rest);
    if (!found) return span;
    span = { from: found.node.from, to: found.node.firstChild?.to ?? found.node.to };
    rest = rest.slice(found.name.length);
    node = valueOf(found.node);
  }
  return span;
}

/** In a list of conditions, the one that tests the attribute the place names. */
function namedItem(text: string, list: SyntaxNode, rest: string): { node: SyntaxNode; name: string } | undefined {
  for (const node of list.getChildren('Object')) {
    const attribute = node.getChildren('Property').find((one) => keyOf(text, one) === 'attribute');
    const value = attribute ? valueOf(attribute) : null;
    if (!value) continue;
    const name = text.slice(value.from + 1, value.to - 1);
    if (rest.startsWith(name) && ends(rest.slice(name.length))) return { node, name };
  }
  return undefined;
}
