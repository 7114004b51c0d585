/** Derives all names of a use case from its path. */
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';

export type Names = Readonly<{
  /** Its folder below each layer: `games`, `identity/users`. */
  room: string;
  /** `close-game` */
  file: string;
  /** `CloseGame` */
  type: string;
  /** `closeGame` */
  variable: string;
  /** `close game` */
  words: string;
  /** How the audit names it: `games.close_game`. */
  action: string;
}>;

const WIRING = 'src/infrastructure/wiring';
const VERB_AND_THING = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

/** Throws `Refusal` for an unknown room, a malformed name, and a name that is taken. */
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
  const action = `${room.split('/')[0]}.${file.replaceAll('-', '_')}`;
  return { room, file, type, variable, words: file.replaceAll('-', ' '), action };
}

/** The folders of the application that have a wiring file. */
function roomsOf(project: Project): readonly string[] {
  return project
    .glob(`${WIRING}/**/*.ts`)
    .map((path) => path.slice(WIRING.length + 1, -'.ts'.length))
    .filter((room) => project.exists(`src/application/${room}`));
}
