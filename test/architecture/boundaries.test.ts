/** Who may import whom: the rules hold, they look at every file, and each of them catches what it forbids. */

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { CRUISED, type CruiseReport, cruise, cruisedProject } from '../support/cruise.ts';
import { type PlantedFile, plant } from '../support/planted-tree.ts';
import { ROOT } from '../support/project.ts';

const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));

/** What several of the planted files import. */
const GAME: PlantedFile = {
  path: 'src/domain/games/game.ts',
  text: 'export type Game = { id: string };\nexport const game = 1;',
};
const FAKE: PlantedFile = { path: 'test/support/fake.ts', text: 'export const fake = 1;' };

const own = (path: string) => /^(src|migrations|seeders|clients|ops)\/.*\.(ts|js|mjs)$/.test(path);

/** For each rule, a file that breaks it: path, text, and other files that it needs. */
const PLANTED: Readonly<Record<string, readonly PlantedFile[]>> = {
  'no-cycles': [
    { path: 'src/domain/games/a.ts', text: "import { b } from './b.ts';\nexport const a = () => b;" },
    { path: 'src/domain/games/b.ts', text: "import { a } from './a.ts';\nexport const b = () => a;" },
  ],
  'domain-is-pure': [
    { path: 'src/domain/games/clock.ts', text: "import { hrtime } from 'node:process';\nexport const now = hrtime;" },
  ],
  'shared-imports-nothing': [
    GAME,
    {
      path: 'src/domain/shared/actor.ts',
      text: "import type { Game } from '#domain/games/game.ts';\nexport type A = Game;",
    },
  ],
  'application-knows-no-technology': [
    { path: 'src/application/games/open.ts', text: "import { z } from 'zod';\nexport const open = z;" },
  ],
  'contexts-share-types-only': [
    GAME,
    {
      path: 'src/domain/library/source.ts',
      text: "import { game } from '#domain/games/game.ts';\nexport const source = game;",
    },
  ],
  'adapters-do-not-know-each-other': [
    { path: 'src/adapters/memory/games.ts', text: 'export const games = 1;' },
    {
      path: 'src/adapters/http/games.routes.ts',
      text: "import { games } from '../memory/games.ts';\nexport const routes = games;",
    },
  ],
  'adapters/sequelize-packages-stay-there': [
    { path: 'src/adapters/http/sql.ts', text: "import { Sequelize } from 'sequelize';\nexport const s = Sequelize;" },
  ],
  'adapters/http-packages-stay-there': [
    { path: 'src/infrastructure/web.ts', text: "import express from 'express';\nexport const app = express;" },
  ],
  'adapters/security-packages-stay-there': [
    { path: 'src/adapters/memory/hash.ts', text: "import { hash } from 'bcrypt';\nexport const h = hash;" },
  ],
  'adapters/oauth-packages-stay-there': [
    {
      path: 'src/adapters/http/discover.ts',
      text: "import { discovery } from 'openid-client';\nexport const d = discovery;",
    },
  ],
  'adapters/language-model-packages-stay-there': [
    { path: 'src/adapters/http/count.ts', text: "import { encode } from 'gpt-tokenizer';\nexport const e = encode;" },
  ],
  'adapters/documents-packages-stay-there': [
    { path: 'src/adapters/http/markdown.ts', text: "import { Lexer } from 'marked';\nexport const l = Lexer;" },
  ],
  'adapters/embedded-packages-stay-there': [
    { path: 'src/adapters/http/lru.ts', text: "import { LRUCache } from 'lru-cache';\nexport const c = LRUCache;" },
  ],
  'adapters/redis-packages-stay-there': [
    {
      path: 'src/adapters/http/redis.ts',
      text: "import { createClient } from 'redis';\nexport const c = createClient;",
    },
  ],
  'infrastructure-packages-stay-there': [
    { path: 'src/adapters/http/wire.ts', text: "import { Container } from 'inversify';\nexport const c = Container;" },
  ],
  'migrations-do-not-change-with-the-code': [
    GAME,
    {
      path: 'migrations/0009-games.ts',
      text: "import { game } from '#domain/games/game.ts';\nexport const up = game;",
    },
  ],
  'seeders-go-through-the-ports': [
    { path: 'seeders/0009-games.ts', text: "import { Sequelize } from 'sequelize';\nexport const up = Sequelize;" },
  ],
  'clients-use-the-wire': [
    GAME,
    {
      path: 'clients/page/page.ts',
      text: "import { game } from '../../src/domain/games/game.ts';\nexport const page = game;",
    },
  ],
  'src-stands-alone': [
    FAKE,
    {
      path: 'src/infrastructure/main.ts',
      text: "import { fake } from '../../test/support/fake.ts';\nexport const main = fake;",
    },
  ],
  'product-needs-no-tests': [
    FAKE,
    { path: 'ops/make.ts', text: "import { fake } from '../test/support/fake.ts';\nexport const made = fake;" },
  ],
  'no-barrels': [
    { path: 'src/domain/games/index.ts', text: 'export const game = 1;' },
    { path: 'src/domain/games/open.ts', text: "import { game } from './index.ts';\nexport const open = game;" },
  ],
};

describe('architecture: boundaries', function () {
  this.timeout(60_000);

  it('hold in the whole tree, with every file checked', () => {
    const { modules, summary } = cruisedProject();
    expect(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)).to.deep.equal([]);
    const cruised = new Set(modules.map(({ source }) => source).filter(own));
    const files = CRUISED.flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    ).filter(own);
    expect(files.length).to.be.greaterThan(100);
    expect(files.filter((file) => !cruised.has(file))).to.deep.equal([]);
  });

  it('have a planted violation for every rule', () => {
    const rules: string[] = forbidden.map(({ name }: { name: string }) => name);
    expect(Object.keys(PLANTED)).to.have.members(rules);
  });

  describe('planted violations', () => {
    let violations: CruiseReport['summary']['violations'];
    before(() => {
      using tree = plant(Object.values(PLANTED).flat());
      violations = cruise(tree.folder, ...CRUISED).summary.violations;
    });

    for (const [rule, files] of Object.entries(PLANTED)) {
      it(`are caught where they break ${rule}`, () => {
        const caught = violations.filter((one) => one.rule.name === rule).map(({ from }) => from);
        expect(caught).to.include.oneOf(files.map(({ path }) => path));
      });
    }
  });
});
