/** What a use case is called in each place, from the path that was asked for. */
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';

export type Names = Readonly<{
  /** The folder of its context, below each layer: `games`, `identity/users`. */
  room: string;
  /** `close-game` */
  file: string;
  /** `CloseGame` */
  type: string;
  /** `closeGame` */
  variable: string;
  /** `close game` */
  words: string;
}>;

const WIRING = 'src/infrastructure/wiring';
const VERB_AND_THING = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** Throws `Refusal` for a room that is not there, a name that is none, and one that is taken. */
export function namesOf(project: Project, path: string): Names {
  const [, room = '', file = ''] = /^(?:(.*)\/)?([^/]*)$/.exec(path) ?? [];
  const rooms = roomsOf(project);
  if (!rooms.includes(room)) throw new Refusal(`There is no context "${room}"; there are ${rooms.join(', ')}.`);
  if (!VERB_AND_THING.test(file))
    throw new Refusal(`"${file}" is no name for a use case: it is a verb and a thing in lower case, like close-game.`);
  const [taken] = project.glob(`src/application/**/${file}.ts`);
  if (taken !== undefined) throw new Refusal(`${taken} is there already.`);
  const type = file.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
  const variable = type[0]?.toLowerCase() + type.slice(1);
  return { room, file, type, variable, words: file.replaceAll('-', ' ') };
}

/** Where use cases are: the folders of the application that are wired. */
function roomsOf(project: Project): readonly string[] {
  return project
    .glob(`${WIRING}/**/*.ts`)
    .map((path) => path.slice(WIRING.length + 1, -'.ts'.length))
    .filter((room) => project.exists(`src/application/${room}`));
}
