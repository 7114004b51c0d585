/** The demonstration: a server in memory, a short rule book, three questions and their answers. */
import { fileURLToPath } from 'node:url';
import { Api } from '../replay/api.ts';
import { startOwnServer } from '../replay/own-server.ts';
import { LibraryApi } from './api.ts';
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
    const signedIn = new Api(target.url);
    await signedIn.signIn(target);
    const scopes = ['sources.read', 'sources.write'];
    const { token } = await signedIn.call<{ token: string }>('POST', '/auth/tokens', { name: 'Demonstration', scopes });
    const api = new LibraryApi({ url: target.url, token });
    const { id } = await api.addSource(TITLE);
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
