/** A use case on every floor: the class, its wiring, its route, the fixture of the route, and a test that fails. */
import { addFixture } from './fixtures.ts';
import { namesOf } from './names.ts';
import type { Project } from './project.ts';
import { declareRoute } from './routes.ts';
import { nextSteps, testText, useCaseText } from './templates.ts';
import { wireUseCase } from './wiring.ts';

/** What is left to do, in words. Throws `Refusal`, with nothing changed. */
export function newUseCase(project: Project, path: string): string {
  const names = namesOf(project, path);
  const keys = declareRoute(project, names, wireUseCase(project, names));
  addFixture(project, keys);
  project.add(`src/application/${names.room}/${names.file}.ts`, useCaseText(names));
  project.add(`test/application/${names.room}/${names.file}.test.ts`, testText(names));
  return nextSteps(names, keys.added);
}
