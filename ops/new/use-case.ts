/** Creates a use case: the class, its wiring, its route, the fixture of the route, and a failing test. */
import { addAudited } from './audited.ts';
import { addFixture } from './fixtures.ts';
import { namesOf } from './names.ts';
import type { Project } from './project.ts';
import { declareRoute } from './routes.ts';
import { nextSteps, testText, useCaseText } from './templates.ts';
import { wireUseCase } from './wiring.ts';

/** Returns the next steps for the user. Throws `Refusal`. */
export function newUseCase(project: Project, path: string): string {
  const names = namesOf(project, path);
  const keys = declareRoute(project, names, wireUseCase(project, names));
  addFixture(project, keys);
  addAudited(project, names, keys.added);
  project.add(`src/application/${names.room}/${names.file}.ts`, useCaseText(names));
  project.add(`test/application/${names.room}/${names.file}.test.ts`, testText(names));
  return nextSteps(names, keys.added);
}
