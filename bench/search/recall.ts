/** Whether a fact from a turn that was compacted away is found again by its rarest word or number. */
import { playTranscripts, type Transcript } from '../../test/support/builders/transcripts.ts';
import { withFolder } from '../children.ts';
import { halfOf } from '../fidelity/halves.ts';
import { randomOf, shuffled } from '../fidelity/random.ts';
import { quick } from '../options.ts';
import type { Row } from '../table.ts';
import { signIn, startTavernkeep, startThreads } from '../tavernkeep.ts';

const FACTS = quick ? 40 : 200;
const TRANSCRIPTS = quick ? 2 : 5;
const TURNS = 1_500;
const FIRST_HITS = 10;
const BAR = 0.95;
/** A word is rare where so few turns have it. */
const RARE = 3;

type Fact = Readonly<{ path: string; seq: number; word: string }>;
type Client = Readonly<{ url: string; headers: Record<string, string> }>;

export function recallRow(): Promise<Row> {
  return withFolder(async (folder) => {
    const server = await startTavernkeep(folder, undefined, { CTX_MAX_TOKENS: '4000' });
    try {
      const headers = { cookie: await signIn(server.url), 'content-type': 'application/json' };
      return await measured({ url: server.url, headers });
    } finally {
      await server.process.stop();
    }
  });
}

async function measured(client: Client): Promise<Row> {
  const random = randomOf(11);
  const transcripts = halfOf(playTranscripts(), 'measuring').slice(0, TRANSCRIPTS);
  const paths = await startThreads(client.url, client.headers.cookie as string, transcripts.length);
  const facts: Fact[] = [];
  for (const [index, transcript] of transcripts.entries()) {
    const path = paths[index] as string;
    await say(client, path, transcript);
    facts.push(...shuffled(factsOf(path, transcript), random).slice(0, Math.ceil(FACTS / transcripts.length)));
  }
  let found = 0;
  for (const fact of facts) if (await isFound(client, fact)) found += 1;
  const share = found / facts.length;
  return {
    work: `recall: ${facts.length} facts of compacted-away turns, the turn among the first ${FIRST_HITS} hits`,
    ours: `${(share * 100).toFixed(1)} %`,
    bar: `≥ ${BAR * 100} %`,
    met: share >= BAR,
  };
}

async function say({ url, headers }: Client, path: string, { lines }: Transcript): Promise<void> {
  for (const { content } of lines.slice(0, TURNS)) {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify({ content }) });
    if (answer.status !== 201) throw new Error(`append: ${answer.status} ${await answer.text()}`);
  }
}

/** Names and numbers that few turns of the transcript have, each with its first turn; the newest turns left out. */
function factsOf(path: string, { lines }: Transcript): readonly Fact[] {
  const turns = lines.slice(0, TURNS).map(({ content }) => content);
  const counts = new Map<string, number>();
  // Whatever its case: "Hold" is rare, and "hold" is not.
  const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  for (const word of turns.flatMap((text) => [...wordsOf(text)])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const old = turns.slice(0, Math.floor(turns.length * 0.8));
  return old.flatMap((text, turn) => {
    const told = text.match(/\b(?:\p{Lu}\p{Ll}{3,}|\d{2,})\b/gu) ?? [];
    const word = told.find((one) => (counts.get(one.toLowerCase()) ?? RARE + 1) <= RARE);
    return word === undefined ? [] : [{ path, seq: turn + 1, word }];
  });
}

async function isFound({ url, headers }: Client, { path, seq, word }: Fact): Promise<boolean> {
  const query = `query=${encodeURIComponent(word)}&scope=compacted&limit=${FIRST_HITS}`;
  const answer = await fetch(`${url}${path}/search?${query}`, { headers });
  if (answer.status !== 200) throw new Error(`search: ${answer.status} ${await answer.text()}`);
  const { items } = (await answer.json()) as { items: readonly { seq: number }[] };
  return items.some((hit) => hit.seq === seq);
}
