/**
 * How the tree is cut: no folder is crowded, none imports one that imports it, and every floor has the same contexts.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type CruisedModule, cruisedProject } from '../support/cruise.ts';
import { ROOT } from '../support/project.ts';

const MAX_FILES = 20;
/** The layers whose folders are contexts, and what else each of them has. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  'src/domain': ['retrieval', 'shared', 'text'],
  'src/application': ['audit', 'operations', 'retrieval', 'shared'],
  'src/adapters/http': [
    'bodies',
    'declaration',
    'docs',
    'invitations',
    'operations',
    'pipeline',
    'refusals',
    'retrieval',
    'streams',
  ],
  'src/adapters/sequelize': ['operations', 'postgres', 'shared', 'sqlite'],
  'src/adapters/memory': ['operations', 'shared'],
};
const CONTEXTS = ['conversations', 'games', 'identity', 'jobs', 'library', 'workspaces'];

type FolderGraph = ReadonlyMap<string, ReadonlySet<string>>;

/** An arrow from one folder to another wherever a file in the one imports a file in the other, types included. */
function folderGraph(modules: readonly CruisedModule[]): FolderGraph {
  const graph = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = dirname(source);
    const arrows = graph.get(from) ?? new Set<string>();
    graph.set(from, arrows);
    for (const { resolved } of dependencies) {
      const to = dirname(resolved);
      if (to !== from && resolved.startsWith('src/')) arrows.add(to);
    }
  }
  return graph;
}

/** Arrows on a cycle: their end leads back to their beginning. */
function arrowsBack(graph: FolderGraph): string[] {
  const back: string[] = [];
  for (const [from, arrows] of graph)
    for (const to of arrows) if (reaches(graph, to, from)) back.push(`${from} → ${to}`);
  return back;
}

function reaches(graph: FolderGraph, from: string, goal: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folder === goal) return true;
    if (seen.has(folder)) continue;
    seen.add(folder);
    open.push(...(graph.get(folder) ?? []));
  }
  return false;
}

function foldersOf(path: string): string[] {
  return readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

describe('architecture: folders', function () {
  this.timeout(60_000);

  it('do not import each other in cycles', () => {
    const graph = folderGraph(cruisedProject().modules.filter(({ source }) => source.startsWith('src/')));
    expect(graph.size, 'folders with imports').to.be.greaterThan(40);
    expect(arrowsBack(graph)).to.deep.equal([]);
  });

  it('are reported if planted imports form a cycle', () => {
    const file = (source: string, ...imported: string[]) => ({
      source,
      dependencies: imported.map((resolved) => ({ resolved })),
    });
    const modules = [
      file('src/a/one.ts', 'src/a/b/two.ts'),
      file('src/a/b/two.ts', 'src/c/three.ts'),
      file('src/c/three.ts', 'src/a/one.ts', 'src/d/four.ts'),
      file('src/d/four.ts'),
    ];
    expect(arrowsBack(folderGraph(modules))).to.have.members(['src/a → src/a/b', 'src/a/b → src/c', 'src/c → src/a']);
  });

  it(`contain at most ${MAX_FILES} files each`, () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true }).filter((one) =>
      one.isFile(),
    );
    const counts = Object.entries(Object.groupBy(files, ({ parentPath }) => parentPath));
    expect(counts.length).to.be.greaterThan(40);
    expect(counts.filter(([, own]) => (own?.length ?? 0) > MAX_FILES).map(([folder]) => folder)).to.deep.equal([]);
  });

  for (const [floor, others] of Object.entries(FLOORS)) {
    it(`are exactly the contexts and the layer’s own extra folders in ${floor}`, () => {
      expect(foldersOf(floor)).to.deep.equal([...CONTEXTS, ...others].sort());
    });
  }
});
