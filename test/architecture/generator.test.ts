/** `npm run new`: the generated use case compiles and is wired, its route has a fixture, and its test fails. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { changedFiles, copyTree, linkPackages } from '../support/trees.ts';

/** In a context without rooms, in a room of a context, and in a room whose routes are wired in another room. */
const NEW = {
  'games/close-game': 'CloseGame',
  'identity/users/close-account': 'CloseAccount',
  'conversations/threads/rename-thread': 'RenameThread',
};
const PATHS = Object.keys(NEW);

describe('npm run new', function () {
  this.timeout(180_000);

  let folder: string;

  before(() => {
    folder = copyTree();
    linkPackages(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(...args: readonly string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }
  const make = (...args: readonly string[]) => run('ops/new.ts', ...args);
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');

  describe('use-case', () => {
    before(() => {
      for (const path of PATHS) expect(make('use-case', path)).to.include({ status: 0 });
    });

    it('writes what compiles, and has the form that it should have', () => {
      expect(run('node_modules/typescript/bin/tsc', '-p', '.')).to.deep.equal({ status: 0, output: '' });
      const written = changedFiles(folder);
      expect(written).to.include.members(PATHS.map((path) => `src/application/${path}.ts`));
      expect(run('node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', ...written).status).to.equal(
        0,
      );
    });

    it('writes a test that fails because the use case is not written, and for nothing else', () => {
      for (const [path, type] of Object.entries(NEW)) {
        const { status, output } = run('test/run.ts', `application/${path}.test.ts`);
        expect(status).to.equal(1);
        expect(output).to.include(`Error: ${type} is not written yet.`).and.include('0 passed, 1 failed');
      }
    });

    it('wires it to a route, which the matrix knows how to call', () => {
      expect(run('ops/generate-documents.ts').status).to.equal(0);
      const { paths } = JSON.parse(read('docs/openapi.json'));
      const fixtures =
        "import('./test/support/matrix/route-fixtures.ts').then((m) => console.log(Object.keys(m.routeFixtures).join()))";
      const known = run('--eval', fixtures).output.trim().split(',');
      for (const path of PATHS) {
        const route = `/${path.split('/').at(-1)}`;
        expect(Object.keys(paths)).to.include(route);
        expect(known).to.include(`POST ${route}`);
      }
    });
  });

  describe('refuses, with nothing written:', () => {
    const refused = (args: readonly string[], why: RegExp) => {
      const wiring = read('src/infrastructure/wiring/games.ts');
      const { status, output } = make(...args);
      expect(status).to.equal(1);
      expect(output)
        .to.match(why)
        .and.not.match(/\n\s+at /);
      expect(read('src/infrastructure/wiring/games.ts')).to.equal(wiring);
    };

    it('an unknown kind', () => refused(['route', 'games/end-game'], /There is no kind "route"; kinds are use-case\./));
    it('no path', () => refused(['use-case'], /It takes one path\./));
    it('an unknown context, and lists those that there are', () => {
      refused(['use-case', 'taverns/open-tavern'], /no context "taverns"; there are .*games, .*identity\/users/);
      refused(['use-case', 'identity/end-user'], /no context "identity"; there are /);
    });
    it('a name that is none', () => {
      for (const name of ['EndGame', 'end_game', 'end', '../end-game', 'end-game.ts'])
        refused(['use-case', `games/${name}`], /is no name for a use case|There is no context/);
    });
    it('a name that is taken, in whatever context', () => {
      refused(['use-case', 'games/open-game'], /src\/application\/games\/open-game\.ts is there already/);
      refused(['use-case', 'library/open-game'], /src\/application\/games\/open-game\.ts is there already/);
    });
    it('a room whose routes have another form', () => {
      refused(['use-case', 'operations/empty-bin'], /statsRoutes in .* is not of the form/);
      expect(existsSync(join(folder, 'src/application/operations/empty-bin.ts'))).to.equal(false);
    });
  });
});
