/** `npm run check`: each check finds a planted violation. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { type PlantedFile, plant } from '../support/planted-tree.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `  value += ${index};\n`).join('');
const adding = (count: number) => `export function add(value: number): number {\n${lines(count)}  return value;\n}\n`;

describe('architecture: checks', function () {
  this.timeout(120_000);

  function check(...files: readonly PlantedFile[]): string {
    using tree = plant(files);
    const { status, stdout } = spawnSync(process.execPath, ['ops/check.ts'], { cwd: tree.folder, encoding: 'utf8' });
    expect(status, stdout).to.equal(1);
    return stdout;
  }

  it('find a long file, a long function, a wrong type, a forbidden import and an unused export', () => {
    const output = check(
      {
        path: 'src/domain/games/long-file.ts',
        text: `${'// One more line.\n'.repeat(300)}export const long = true;\n`,
      },
      { path: 'src/domain/games/long-function.ts', text: adding(50) },
      { path: 'src/domain/games/wrong-type.ts', text: "export const count: number = 'three';\n" },
      { path: 'src/domain/games/forbidden.ts', text: "import 'zod';\n" },
      { path: 'src/domain/games/unused.ts', text: 'export const used = 1;\nexport const unused = 2;\n' },
      { path: 'test/domain/used.test.ts', text: "import { used } from '../../src/domain/games/unused.ts';\n\nused;\n" },
    );
    expect(output).to.match(/✗ format, lint, sizes/);
    expect(output).to.match(/long-file\.ts.* lint\/style\/noExcessiveLinesPerFile/);
    expect(output).to.match(/long-function\.ts.* lint\/complexity\/noExcessiveLinesPerFunction/);
    expect(output).to.match(/✗ types[\s\S]*wrong-type\.ts\(1,14\): error TS2322/);
    expect(output).to.match(/✗ boundaries[\s\S]*domain-is-pure: src\/domain\/games\/forbidden\.ts/);
    expect(output).to.match(/✗ unused exports[\s\S]*^unused +src\/domain\/games\/unused\.ts/m);
    expect(output).not.to.match(/^used /m);
  });

  it('let a file of 300 lines and a function of 50 pass', () => {
    const output = check(
      { path: 'src/domain/games/file.ts', text: `${'// One more line.\n'.repeat(297)}${adding(0)}` },
      { path: 'src/domain/games/function.ts', text: adding(49) },
    );
    expect(output).not.to.include('noExcessiveLines');
  });
});
