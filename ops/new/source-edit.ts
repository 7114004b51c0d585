/** Insertions into a TypeScript file, at places that its syntax tree names. Form and order are the formatter's. */
import ts from 'typescript';

type Insertion = Readonly<{ at: number; text: string }>;

export class SourceEdit {
  readonly path: string;
  readonly #source: ts.SourceFile;
  readonly #insertions: Insertion[] = [];
  readonly #imported = new Set<string>();

  constructor(path: string, text: string) {
    this.path = path;
    this.#source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  get isChanged(): boolean {
    return this.#insertions.length > 0;
  }

  /** Every node that the test takes, in the order of the text. */
  all<Found extends ts.Node>(is: (node: ts.Node) => node is Found): readonly Found[] {
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node)) found.push(node);
      node.forEachChild(visit);
    };
    visit(this.#source);
    return found;
  }

  /** Calls of a function by its name. */
  calls(name: string): readonly ts.CallExpression[] {
    return this.all(ts.isCallExpression).filter(({ expression }) => expression.getText() === name);
  }

  /** Where a name is imported from; undefined where it is not. */
  importedFrom(name: string): string | undefined {
    const specifier = this.all(ts.isImportSpecifier).find((one) => one.name.text === name);
    const from = specifier?.parent.parent.parent;
    return from !== undefined && ts.isImportDeclaration(from)
      ? (from.moduleSpecifier as ts.StringLiteral).text
      : undefined;
  }

  /** Whether a name means something everywhere in the file. */
  knows(name: string): boolean {
    const bound = [
      ...this.all(ts.isImportSpecifier),
      ...this.all(ts.isVariableDeclaration),
      ...this.all(ts.isBindingElement),
    ];
    return this.#imported.has(name) || bound.some((one) => one.name.getText() === name);
  }

  addImport(name: string, from: string, kind: 'type' | 'value' = 'value'): void {
    if (this.knows(name)) return;
    this.#imported.add(name);
    const last = this.#source.statements.findLast(ts.isImportDeclaration);
    this.#insert(last?.getEnd() ?? 0, `\nimport ${kind === 'type' ? 'type ' : ''}{ ${name} } from '${from}';`);
  }

  addAfter(node: ts.Node, text: string): void {
    this.#insert(node.getEnd(), text);
  }

  addAtEnd(text: string): void {
    this.#insert(this.#source.getEnd(), text);
  }

  /** One more element of an array, property of an object, or member of a type. */
  addTo(list: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression | ts.TypeLiteralNode, text: string): void {
    const parts: ts.NodeArray<ts.Node> = ts.isTypeLiteralNode(list)
      ? list.members
      : ts.isArrayLiteralExpression(list)
        ? list.elements
        : list.properties;
    const last = parts.at(-1);
    const separator = ts.isTypeLiteralNode(list) ? ';' : ',';
    if (last === undefined) this.#insert(list.getEnd() - 1, text);
    else this.#insert(last.getEnd(), `${last.getText().endsWith(separator) ? '' : separator} ${text}`);
  }

  text(): string {
    let text = this.#source.text;
    // From the end on, so that places stay what they are; of several at one place, the first comes first.
    for (const { at, text: added } of this.#insertions.toReversed().sort((a, b) => b.at - a.at)) {
      text = text.slice(0, at) + added + text.slice(at);
    }
    return text;
  }

  #insert(at: number, text: string): void {
    this.#insertions.push({ at, text });
  }
}
