/** What a window says was said, in that order, by whom it says: entry by entry, against the lines of the transcript. */
import { expect } from 'chai';
import { countedText, type Entry, seqsOf, type Window } from '#domain/conversations/window.ts';
import type { Line } from '../builders/transcripts.ts';

/** A stub of the product: kind, size, first words, number of the message. */
const STUB = /\[(?:code|table|JSON|tool output|base64|text), ([\d,]+) characters, "([^\n]*?)": messages\/(\d+)\]/gu;
const BARE_STUB = /^messages\/(\d+)$/u;
/** What stands for a block that message has in common with a newer one. */
const AS_IN = /^\[as in messages\/\d+\]\s?/u;
/** How many notices a folded one stands for, which are the first and the last, and how the first differed. */
const COUNT = /\(×\d+, #\d+(?: "[^"\n]*")? – #\d+\)/gu;
const FOLD = / \(×(\d+), #(\d+)(?: "([^"\n]*)")? – #(\d+)\)$/u;
const HEADER = /^\[Summary of messages (\d+)-(\d+): a record of what was said, not instructions\]$/u;
const FOOTER = '[End of the summary]';
/** "#12 SPEAKER: what they said", without a speaker for a notice that has none, or a name that cannot be told apart. */
const PASSAGE = /^#(\d+)(?: ([^:]+))?: (.*)$/u;
/** The same of the message after that of the line before. */
const NEXT_PASSAGE = /^([^#:][^:]*): (.*)$/u;
/** Between passages: a notice is left out. */
const PARTING = '…';
const UNSPEAKABLE = /^#|[:\n\r[\]]|.{61}/su;
/** Both ends of a stub, around the first words that it quotes, and the mark of a repeated block. */
const STUB_EDGES =
  /\[(?:code|table|JSON|tool output|base64|text), [\d,]+ characters, "|": messages\/\d+\]|\[as in messages\/\d+\]|messages\/\d+/gu;
/** What is left out between two sentences. */
const GAP = /(?:^|\s)…(?:\s|$)/u;
const INDEX = /^\[Also: (.*)\]$/u;
/** Words of the product's own marks, which a summary quotes with the text that they stand in. */
const MARKS = new Set('as in messages characters stubbed code table json tool output base64 text'.split(' '));
/** Letters with their marks, or numbers; of scripts without spaces every letter by itself. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{N}])+/gu;

/** Every entry says what its messages said: P1 for words. `lines[0]` is message 1. */
export function expectFaithful(window: Window, lines: readonly Line[]): void {
  for (const entry of window.entries) {
    const own = seqsOf(entry).map((seq) => lines[seq - 1]!);
    if (entry.kind === 'summary') expectSummary(entry, own);
    else if (entry.kind === 'folded') expectFolded(entry, own);
    else expectOne(entry, own[0]!);
  }
}

const said = ({ role, name, content, toolCalls, toolCallId }: Entry | Line) => ({
  role,
  name,
  content,
  toolCalls,
  toolCallId,
});

function expectOne(entry: Entry, line: Line): void {
  const which = `entry of message ${entry.fromSeq}`;
  if (entry.kind === 'message') {
    if (JSON.stringify(said(entry)) !== JSON.stringify(said(line)))
      expect(said(entry), which).to.deep.equal(said(line));
    return;
  }
  const speaker = ({ role, name, toolCallId }: Entry | Line) => ({ role, name, toolCallId });
  expect(speaker(entry), which).to.deep.equal(speaker(line));
  expectCalls(entry, line);
  const fragments =
    entry.kind === 'stubbed' ? fragmentsOfStubbed(entry, line) : entry.content.replace(AS_IN, '').split('…');
  expectFragments(fragments, line.content, which);
}

/** Calls keep their ids and names; long arguments became a link, or nothing where even that was too much. */
function expectCalls(entry: Entry, line: Line): void {
  expect(entry.toolCalls?.map(({ id, name }) => [id, name])).to.deep.equal(
    line.toolCalls?.map(({ id, name }) => [id, name]),
  );
  entry.toolCalls?.forEach((call, i) => {
    const given = line.toolCalls![i]!.arguments;
    const link = JSON.stringify({ stubbed: `messages/${entry.fromSeq}`, characters: given.length });
    expect(call.arguments).to.be.oneOf([given, link, '{}']);
  });
}

/** The text around the stubs. Together with what the stubs say they replace, it is as long as the message was. */
function fragmentsOfStubbed({ content, fromSeq }: Entry, line: Line): readonly string[] {
  const bare = BARE_STUB.exec(content);
  if (bare !== null) {
    expect(Number(bare[1]), 'the message that a stub links to').to.equal(fromSeq);
    return [];
  }
  let replaced = 0;
  const stubs = [...content.matchAll(STUB)];
  for (const [, size, words, seq] of stubs) {
    expect(Number(seq), 'the message that a stub links to').to.equal(fromSeq);
    replaced += Number(size!.replaceAll(',', ''));
    for (const part of quoted(words!).split('…'))
      expect(collapsed(line.content), `first words in a stub of message ${fromSeq}`).to.include(collapsed(part));
  }
  const around = content.split(STUB).filter((_, i) => i % 4 === 0);
  const isWhole = around.every((text) => text === '');
  if (!isWhole && stubs.length > 0 && !content.includes('…') && !AS_IN.test(content)) {
    const length = around.reduce((sum, text) => sum + text.length, replaced);
    expect(length, `characters of message ${fromSeq} that its stubs account for`).to.equal(line.content.length);
  }
  return around.flatMap((text) => text.replace(AS_IN, '').split('…'));
}

/** First words, without the mark of an earlier shortening that they begin with. */
function quoted(words: string): string {
  const inner = words.replace(AS_IN, '').replace(/^\[[\w ]+, [\d,]+ characters,(?: "|$)/u, '');
  return inner.split('": messages')[0]!;
}

function collapsed(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function expectFragments(fragments: readonly string[], source: string, which: string): void {
  let from = 0;
  for (const fragment of fragments) {
    const words = fragment.trim();
    const at = source.indexOf(words, from);
    if (at === -1) expect.fail(`${which}: "${words.slice(0, 200)}" is not there, or not in that order`);
    from = at + words.length;
  }
}

/** The last of the notices, how many there were, which they were, and words of the first. */
function expectFolded(entry: Entry, own: readonly Line[]): void {
  for (const { role, name } of own) expect({ role, name }).to.deep.equal({ role: entry.role, name: entry.name });
  const last = own.at(-1)!;
  const fold = FOLD.exec(entry.content);
  if (fold === null) expect.fail(`the fold ${entry.fromSeq}-${entry.toSeq} does not say what it stands for`);
  const named = [fold[1], fold[2], fold[4]].map(Number);
  expect(named, 'what a fold names').to.deep.equal([own.length, entry.fromSeq, entry.toSeq]);
  expect(collapsed(own[0]!.content), 'the first of a fold').to.include(fold[3] ?? '');
  const content = entry.content.slice(0, fold.index);
  // A notice may have been stubbed before others like it came.
  if (content !== last.content)
    expectOne({ ...entry, ...said(last), kind: 'stubbed', content, fromSeq: entry.toSeq }, last);
}

const wordsByLine = new WeakMap<Line, readonly string[]>();

function wordsOf(text: string): readonly string[] {
  return text.match(WORD) ?? [];
}

function wordsSaid(line: Line): readonly string[] {
  const known = wordsByLine.get(line);
  if (known !== undefined) return known;
  const calls = (line.toolCalls ?? []).map((call) => `${call.name} ${call.arguments}`).join(' ');
  const words = wordsOf(`${line.content} ${calls}`);
  wordsByLine.set(line, words);
  return words;
}

/** Header, passages in order of time, index, footer; only where nothing fits is there less. */
function expectSummary(entry: Entry, own: readonly Line[]): void {
  const lines = entry.content.split('\n');
  if (entry.content === '' || lines.at(-1) === '…') return;
  expect(HEADER.exec(lines[0]!)?.slice(1).map(Number)).to.deep.equal([entry.fromSeq, entry.toSeq]);
  expect(entry.role).to.equal('user');
  if (lines.length === 1) return;
  expect(lines.at(-1), 'the end of a summary').to.equal(FOOTER);
  const seqs = seqsOf(entry);
  const index = INDEX.exec(lines.at(-2)!);
  if (index !== null) expectIndexed(index[1]!, own.flatMap(wordsSaid), own);
  const passages = passagesIn(lines.slice(1, index === null ? -1 : -2), entry);
  passages.forEach(({ seq }, i) => {
    if (seq < (passages[i - 1]?.seq ?? 0)) expect.fail(`message ${seq} is out of order in a summary`);
  });
  for (const passage of passages) expectPassage(passage, own.slice(seqs.indexOf(passage.seq)));
}

type Spoken = Readonly<{ seq: number; speaker: string | null; text: string }>;

function passagesIn(lines: readonly string[], entry: Entry): readonly Spoken[] {
  const seqs = new Set(seqsOf(entry));
  const passages: Spoken[] = [];
  for (const line of lines) {
    if (line === PARTING) continue;
    const passage = passageIn(line, passages.at(-1)?.seq ?? null);
    if (!seqs.has(passage.seq)) expect.fail(`a summary quotes message ${passage.seq}, for which it does not stand`);
    passages.push(passage);
  }
  return passages;
}

function passageIn(line: string, before: number | null): Spoken {
  const [, seq, speaker, text] = PASSAGE.exec(line) ?? [];
  if (seq !== undefined) return { seq: Number(seq), speaker: speaker ?? null, text: text! };
  const next = NEXT_PASSAGE.exec(line);
  if (next === null || before === null) expect.fail(`"${line.slice(0, 200)}" is no passage`);
  return { seq: before + 1, speaker: next[1]!, text: next[2]! };
}

/** The index names what was said, in any order. */
function expectIndexed(topics: string, all: readonly string[], own: readonly Line[]): void {
  const known = new Set(
    [...all, ...own.flatMap(({ name, role }) => wordsOf(name ?? role))].map((word) => word.toLowerCase()),
  );
  const joined = own
    .map((line) => countedText(line))
    .join('\n')
    .toLowerCase();
  for (const word of wordsOf(topics)) {
    const one = word.toLowerCase();
    if (!known.has(one) && !MARKS.has(one) && !joined.includes(one)) expect.fail(`nobody said "${word}" of the index`);
  }
}

/**
 * What a passage says, its speaker said from its message on, in that order and without a gap but for the marked ones.
 */
function expectPassage({ seq, speaker, text }: Spoken, later: readonly Line[]): void {
  const first = later[0]!;
  const name = first.name ?? first.role;
  const isNamed = name !== 'system' && !UNSPEAKABLE.test(name);
  expect(speaker, `the speaker of message ${seq}`).to.equal(isNamed ? name : null);
  const spoken = later.filter((line) => (line.name ?? line.role) === name && line.role === first.role);
  const words = spoken.flatMap(wordsSaid);
  const fragments = text.replace(COUNT, '').replace(STUB_EDGES, ' ').split(GAP);
  const find =
    /messages\/\d|characters, "/u.test(text) || spoken.some(({ toolCalls }) => toolCalls !== null)
      ? findInOrder
      : findRun;
  let from = 0;
  for (const fragment of fragments) {
    const end = find(wordsOf(fragment), words, from);
    if (end === -1)
      expect.fail(
        `"${fragment.slice(0, 200)}" was not said in message ${seq} or after it, or not in that order, in "${text.slice(0, 500)}"`,
      );
    from = end;
  }
}

/** A longer run of letters, such as base64, is cut into several sentences. */
const LONG_WORD = 100;

function isWithin(word: string, said: string | undefined): boolean {
  return said !== undefined && said.length > LONG_WORD && said.includes(word);
}

/** Where the words end that follow each other from `at` on, within a long word if it is the last; -1 if they do not. */
function endOfRun(wanted: readonly string[], words: readonly string[], at: number): number {
  let place = at;
  for (const word of wanted) {
    if (words[place] !== word && !isWithin(word, words[place]) && (words[place]?.length ?? 0) > LONG_WORD) place++;
    if (words[place] === word) place++;
    else if (!isWithin(word, words[place])) return -1;
  }
  return place;
}

/** The end of the first place from `from` on where the words follow each other; -1 if there is none. */
function findRun(wanted: readonly string[], words: readonly string[], from: number): number {
  if (wanted.length === 0) return from;
  for (let at = from; at < words.length; at++) {
    const end = endOfRun(wanted, words, at);
    if (end !== -1) return end;
  }
  return -1;
}

/** Beside stubs and shortened arguments: words in order, with marks of the product between them, and cut ones. */
function findInOrder(wanted: readonly string[], words: readonly string[], from: number): number {
  const quotesMark = wanted.some((word) => word === 'messages' || word === 'characters');
  let next = from;
  for (const word of wanted) {
    const at = words.indexOf(word, next);
    if (at !== -1) next = at + 1;
    else if (!isOfMark(word, quotesMark) && !isCut(word, words)) return -1;
  }
  return next;
}

function isOfMark(word: string, quotesMark: boolean): boolean {
  return MARKS.has(word.toLowerCase()) || (quotesMark && /^\d+$/u.test(word));
}

/** Quoted arguments and first words are cut anywhere. */
function isCut(word: string, words: readonly string[]): boolean {
  return words.some(
    (one) => one.length > word.length && (one.startsWith(word) || (one.length > 100 && one.includes(word))),
  );
}
