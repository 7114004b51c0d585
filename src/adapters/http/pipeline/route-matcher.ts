/**
 * Finds the route of a request segment by segment: what that costs grows with the path, and not with the number of
 * routes.
 */
import type { Method } from '../declaration/route.ts';

/** Where a route ends: what it leads to, and the names of its parameters in their order. */
type Leaf<Target> = Readonly<{ target: Target; names: readonly string[] }>;

type Node<Target> = {
  readonly texts: Map<string, Node<Target>>;
  /** Where any segment leads that is no text here. */
  parameter: Node<Target> | null;
  leaf: Leaf<Target> | null;
};

type Match<Target> = Readonly<{ target: Target; params: Record<string, string> }>;

const PARAMETER = /^\{(\w+)\}$/;

/**
 * Matches as express does with `strict` and `case sensitive` routing: a text is equal byte for byte, a parameter is one
 * segment that is not empty and is decoded once it is found, and HEAD goes where GET goes. Texts win over parameters,
 * whatever was added first.
 */
export class RouteMatcher<Target> {
  readonly #roots = new Map<string, Node<Target>>();

  /**
   * Adds a route, its parameters in braces: `/chat/{thread}`. Throws where the same calls already lead somewhere else.
   */
  add(method: Method, path: string, target: Target): void {
    const names: string[] = [];
    let node = this.#rootOf(method.toUpperCase());
    for (const segment of path.split('/')) {
      const name = PARAMETER.exec(segment)?.[1];
      if (name !== undefined) names.push(name);
      node = name === undefined ? textOf(node, segment) : parameterOf(node);
    }
    if (node.leaf !== null) throw new Error(`${method} ${path} is declared twice.`);
    node.leaf = { target, names };
  }

  /** Null where there is no such route. Throws `URIError` where a parameter cannot be decoded. */
  find(method: string, path: string): Match<Target> | null {
    const root = this.#roots.get(method === 'HEAD' ? 'GET' : method);
    if (root === undefined) return null;
    const values: string[] = [];
    const leaf = follow(root, path.split('/'), 0, values);
    return leaf && { target: leaf.target, params: paramsOf(leaf.names, values) };
  }

  #rootOf(method: string): Node<Target> {
    const root = this.#roots.get(method) ?? emptyNode();
    this.#roots.set(method, root);
    return root;
  }
}

function emptyNode<Target>(): Node<Target> {
  return { texts: new Map(), parameter: null, leaf: null };
}

function textOf<Target>(node: Node<Target>, text: string): Node<Target> {
  const next = node.texts.get(text) ?? emptyNode();
  node.texts.set(text, next);
  return next;
}

function parameterOf<Target>(node: Node<Target>): Node<Target> {
  node.parameter ??= emptyNode();
  return node.parameter;
}

/** Goes on from `segments[at]`; `values` are the parameters on the way, and end as those of the leaf that was found. */
function follow<Target>(
  node: Node<Target>,
  segments: readonly string[],
  at: number,
  values: string[],
): Leaf<Target> | null {
  const segment = segments[at];
  if (segment === undefined) return node.leaf;
  const text = node.texts.get(segment);
  const found = text === undefined ? null : follow(text, segments, at + 1, values);
  if (found !== null || node.parameter === null || segment === '') return found;
  values.push(segment);
  const leaf = follow(node.parameter, segments, at + 1, values);
  if (leaf === null) values.pop();
  return leaf;
}

function paramsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] as string)]));
}
