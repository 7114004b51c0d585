/** Where large artefacts begin and end in a message. */
import { expect } from 'chai';
import { artefactsIn, hasArtefacts } from '#domain/conversations/compaction/window/artefacts.ts';
import { said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

/** The artefacts of a user's message, as "kind: text". */
function found(content: string, minCharacters = 5): readonly string[] {
  const artefacts = artefactsIn({ role: 'user', content }, minCharacters);
  return artefacts.map(({ kind, start, end }) => `${kind}: ${content.slice(start, end)}`);
}

describe('Artefacts', () => {
  it('are fenced code with its fences, to the end of the text if it is never closed', () => {
    expect(found('See\n```ts\na\n```\nand\n  ```\nb')).to.deep.equal(['code: ```ts\na\n```', 'code:   ```\nb']);
  });

  it('are rows after one another that begin with a pipe or have a tab', () => {
    expect(found('So:\n|a|b|\n|1|2|\nand\nc\td\te')).to.deep.equal(['table: |a|b|\n|1|2|', 'table: c\td\te']);
    expect(found('no | table\nno table')).to.deep.equal([]);
  });

  it('are JSON with texts in it, whatever brackets the texts have', () => {
    expect(found('It is {"a":"}\\"]"} and ["b",[1]].')).to.deep.equal(['JSON: {"a":"}\\"]"}', 'JSON: ["b",[1]]']);
    expect(found('It is [1, 2, 3] or {a: b}.')).to.deep.equal([]);
  });

  it('are JSON that is cut off only where the text begins with it', () => {
    expect(found(' {"a": ["b"')).to.deep.equal(['JSON: {"a": ["b"']);
    expect(found('So {"a": ["b"')).to.deep.equal([]);
  });

  it('are base64 of lines of 40 characters and more on average', () => {
    const line = 'QUJD'.repeat(10);
    expect(found(`Key ${line} end`)).to.deep.equal([`base64: ${line}`]);
    expect(found(`Key ${line.slice(1)} end`)).to.deep.equal([]);
    const wrapped = `${line}=\r\n${line}-_+/`;
    expect(found(`Key: ${wrapped}.`)).to.deep.equal([`base64: ${wrapped}`]);
  });

  it('are the outermost of those that overlap, in order', () => {
    expect(found('```\n{"a":"b"}\n|x|\n```\n{"c":"d"}')).to.deep.equal([
      'code: ```\n{"a":"b"}\n|x|\n```',
      'JSON: {"c":"d"}',
    ]);
  });

  it('have at least the length from which they are large; of tools all output has it', () => {
    expect(found('See {"a":1}', 7)).to.deep.equal(['JSON: {"a":1}']);
    expect(found('See {"a":1}', 8)).to.deep.equal([]);
    expect(artefactsIn({ role: 'tool', content: 'short' }, 5)).to.deep.equal([
      { kind: 'tool output', start: 0, end: 5 },
    ]);
    expect(artefactsIn({ role: 'tool', content: 'short' }, 6)).to.deep.equal([]);
  });

  it('are the arguments of calls too', () => {
    const calling = (args: string) =>
      windowFrom([said('', { role: 'assistant', toolCalls: [{ id: 'a', name: 'roll', arguments: args }] })])
        .entries[0]!;
    expect(hasArtefacts(calling('{"n":1}'), 7)).to.equal(true);
    expect(hasArtefacts(calling('{"n":1}'), 8)).to.equal(false);
  });
});
