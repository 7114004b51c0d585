/** One of those that store conversations, in a process of its own: answers how many turns a second it stored. */

export type Turn = Readonly<{ speaker: string; text: string }>;

/** Something that keeps conversations. An append has happened for good when it resolves. */
export type Subject = Readonly<{
  /** What its connections answer to `PRAGMA synchronous`, one each. */
  synchronous(): Promise<readonly number[]>;
  startThread(): Promise<string>;
  append(thread: string, turn: Turn): Promise<void>;
}>;

export type Question = Readonly<{ callers: number; seconds: number }>;

/** Short enough that nothing has to be compacted, and that a state which is stored whole each time stays small. */
const TURNS_PER_THREAD = 50;

/** Waits for questions, each a number of callers who append turn by turn, each to threads of their own. */
export async function serveSubject(subject: Subject, turns: readonly Turn[]): Promise<void> {
  const levels = await subject.synchronous();
  if (levels.some((level) => level !== 2)) throw new Error(`synchronous is ${levels}, not FULL`);
  const threads: string[] = [];
  let perSecond = 0;
  process.on('message', async ({ callers, seconds }: Question) => {
    const wanted = callers + Math.ceil((2 * perSecond * seconds) / TURNS_PER_THREAD);
    while (threads.length < wanted) threads.push(await subject.startThread());
    perSecond = await measure(subject, turns, threads.splice(0), { callers, seconds });
    process.send!(perSecond);
  });
  process.send!(levels);
}

/** Where the prepared threads do not last, what more of them cost counts as well. */
async function measure(
  subject: Subject,
  turns: readonly Turn[],
  threads: string[],
  { callers, seconds }: Question,
): Promise<number> {
  let appended = 0;
  const started = performance.now();
  const end = started + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      const thread = threads.pop() ?? (await subject.startThread());
      for (let turn = 0; turn < TURNS_PER_THREAD && performance.now() < end; turn += 1) {
        await subject.append(thread, turns[appended++ % turns.length]!);
      }
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (appended * 1000) / (performance.now() - started);
}
