/** The demonstration: a server in memory, a short rule book, three questions and their answers. */
import { fileURLToPath } from 'node:url';
import { startOwnServer } from '../replay/own-server.ts';
import { signIn } from '../replay/sign-in.ts';
import { add, ask, type Print } from './commands.ts';

const SAMPLE = fileURLToPath(new URL('./sample-rules.md', import.meta.url));
const TITLE = 'Lanterns in the Fen';
const QUESTIONS = [
  'How many wounds can a warden have before they fall?',
  'What drives off the drowned?',
  'What is the range of a laser cannon?',
];
/** Of the conversations that a server may have, none of which is held here. */
const BUDGET = 1_000;

export async function demo(print: Print): Promise<number> {
  const { target, stop } = await startOwnServer(BUDGET);
  try {
    const api = await signIn(target);
    const { id } = await api.post('/sources', { body: { title: TITLE, included: true } });
    const code = await add(api, id, [SAMPLE], (line) => print(line.replace(SAMPLE, TITLE)));
    for (const question of QUESTIONS) {
      print(`\n> ${question}\n`);
      await ask(api, question, print);
    }
    return code;
  } finally {
    await stop();
  }
}
