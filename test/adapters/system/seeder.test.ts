/** Seeders can run again and again, forwards and back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { SEEDERS, temporaryFolder } from '../../support/servers/temporary-database.ts';

describe('the seeder', () => {
  it('changes nothing when it runs again, and restores built-in roles that were changed', async () => {
    const database = new MemoryDatabase();
    const seeder = new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork });
    expect(await seeder.up()).to.deep.equal(['0001-builtin-roles']);
    const seeded = await database.roles.list();
    await seeder.up();
    expect(await database.roles.list()).to.deep.equal(seeded);
    const player = { name: 'player', description: 'Changed.', builtin: true, permissions: [] };
    await database.unitOfWork.run(({ roles }) => roles.save(player));
    await seeder.up();
    expect(await database.roles.list()).to.deep.equal(seeded);
    await seeder.down();
  });

  it('runs files in name order, undoes them in reverse order, and stores nothing of one that fails', async () => {
    const folder = join(temporaryFolder(), 'seeders');
    mkdirSync(folder);
    const save = (name: string) =>
      `await context.roles.save({ name: '${name}', description: '', builtin: false, permissions: [] });`;
    const write = (name: string, body: string) =>
      writeFileSync(
        join(folder, `${name}.ts`),
        `export async function up({ context }) { ${body} }\nexport async function down() {}\n`,
      );
    write('0002-bard', `${save('bard')} throw new Error('half-way');`);
    write('0001-thief', save('thief'));
    const database = new MemoryDatabase();
    const seeder = new Seeder({ folder, unitOfWork: database.unitOfWork });
    await failureOf(seeder.up());
    expect((await database.roles.list()).map((role) => role.name)).to.deep.equal(['thief']);
    expect(await seeder.down()).to.deep.equal(['0002-bard', '0001-thief']);
  });
});
