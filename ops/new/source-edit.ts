/** Inserts code into a TypeScript file, at nodes of its syntax tree. The formatter indents it and sorts imports. */
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

  /** Returns all nodes of a kind in source order. */
  all<Found extends ts.Node>(is: (node: ts.Node) => node is Found): readonly Found[] {
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node)) found.push(node);
      node.forEachChild(visit);
    };
    visit(this.#source);
    return found;
  }

  /** Returns all calls of a function. */
  calls(name: string): readonly ts.CallExpression[] {
    return this.all(ts.isCallExpression).filter(({ expression }) => expression.getText() === name);
  }

  /** Returns the module that a name is imported from; undefined if it is not imported. */
  importedFrom(name: string): string | undefined {
    const specifier = this.all(ts.isImportSpecifier).find((one) => one.name.text === name);
    const from = specifier?.parent.parent.parent;
    return from !== undefined && ts.isImportDeclaration(from)
      ? (from.moduleSpecifier as ts.StringLiteral).text
      : undefined;
  }

  /** Whether the file imports or declares a name. */
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

  /** Appends an element to an array, a property to an object, or a member to a type. */
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
    // From the end to the start, so that earlier offsets stay valid; insertions at the same offset keep their order.
    for (const { at, text: added } of this.#insertions.toReversed().sort((a, b) => b.at - a.at)) {
      text = text.slice(0, at) + added + text.slice(at);
    }
    return text;
  }

  #insert(at: number, text: string): void {
    this.#insertions.push({ at, text });
  }
}
