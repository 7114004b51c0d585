/** The append in the process, without HTTP, beside those who store conversations: same turns, same durability. */

import type { Question } from './append/subject.ts';
import { Answering, withFolder } from './children.ts';
import { quick } from './options.ts';
import { type Measurement, mediansOf, type Plan } from './rounds.ts';
import { type Row, rateRow } from './table.ts';

const PEERS = { mastra: '@mastra/memory on libsql', langgraph: 'LangGraph checkpoint-sqlite' } as const;
const PLAN: Plan = quick
  ? { rounds: 1, seconds: 1, warmUpSeconds: 0.5 }
  : { rounds: 5, seconds: 1.5, warmUpSeconds: 1 };
/** How many append at once, and how much of the faster peer's rate is the least that will do. */
const BARS = [
  [1, 1],
  [20, 2],
] as const;

type Name = 'ours' | keyof typeof PEERS;
type Child = Answering<Question, number>;

export function run(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const names: readonly Name[] = ['ours', 'mastra', 'langgraph'];
    const children = new Map<Name, Child>(names.map((name) => [name, new Answering(`append/${name}.ts`, [folder])]));
    try {
      const failed = await whoFailed(children);
      const rows: Row[] = [];
      for (const [callers, bar] of BARS) rows.push(...(await measure(children, callers, bar)));
      return [...rows, ...failed];
    } finally {
      for (const child of children.values()) child.close();
    }
  });
}

/** A peer that cannot run here is left out, and said to be. */
async function whoFailed(children: Map<Name, Child>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, child] of [...children]) {
    const error = await child.ready().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error === undefined) continue;
    if (name === 'ours') throw error;
    children.delete(name);
    rows.push({ work: 'append in the process', ours: '', peer: `${PEERS[name]}: did not start (${error})` });
  }
  return rows;
}

async function measure(children: ReadonlyMap<Name, Child>, callers: number, bar: number): Promise<Row[]> {
  const measurements = Object.fromEntries(
    [...children].map(([name, child]) => [name, (seconds: number) => child.ask({ callers, seconds })]),
  ) as Record<Name, Measurement>;
  const { ours, ...peers } = await mediansOf(measurements, PLAN);
  const work = `append in the process, ${callers} ${callers === 1 ? 'caller' : 'callers'}, synchronous=FULL`;
  const fastest = Math.max(...Object.values(peers));
  return (Object.keys(peers) as (keyof typeof PEERS)[]).map((name) => {
    const { met, bar: text, ...row } = rateRow(work, ours, { name: PEERS[name], rate: peers[name] }, bar);
    return peers[name] === fastest ? { ...row, bar: text!, met: met! } : row;
  });
}
