/** Wraps comments of code that are wider than the code may be. */
import { WIDTH, wrapMarkdown } from './wrap-markdown.ts';

const COMMENT =
  /^(?<indent> *)\/\*\* (?<line>.*) \*\/$|^(?<block> *)\/\*\*\n(?<body>(?: *\*(?!\/).*\n)+) *\*\/$|(?:^ *\/\/ .*$\n?)+/gm;

/** Wraps comments that have a line which is too wide, and leaves all others as they are. */
export function wrapComments(code: string): string {
  return code.replace(COMMENT, (comment: string, ...rest: unknown[]) => {
    if (comment.split('\n').every((line) => line.length <= WIDTH) || comment.includes('biome-ignore')) return comment;
    const { indent, line, block, body } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (indent !== undefined && line !== undefined) return blockComment(indent, line);
    if (block !== undefined && body !== undefined)
      return blockComment(block, body.replaceAll(/^ *\* ?/gm, '').trimEnd());
    return lineComments(comment);
  });
}

function blockComment(indent: string, text: string): string {
  const lines = wrapMarkdown(text, WIDTH - indent.length - ' * '.length).split('\n');
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join('\n');
}

function lineComments(comment: string): string {
  const indent = /^ */.exec(comment)![0];
  const text = comment.trimEnd().replaceAll(/^ *\/\/ /gm, '');
  const lines = wrapMarkdown(text, WIDTH - indent.length - '// '.length).split('\n');
  return lines.map((line) => `${indent}// ${line}`).join('\n') + (comment.endsWith('\n') ? '\n' : '');
}
