/** The TypeScript compiler on the tree: its syntax trees, and whether it would refuse a mutant before any test runs. */
import { join } from 'node:path';
import ts from 'typescript';
import { findMutants } from './find-mutants.ts';
import { type Mutant, planted } from './mutant.ts';

/** What a removed line may leave behind: names that nobody uses any more, code that nobody reaches. */
const TOLERATED = [6133, 6138, 6192, 6196, 6198, 7027];

export class Compiler {
  readonly #root: string;
  readonly #service: ts.LanguageService;
  /** Files that are seen changed: their text, and how often each was. */
  readonly #texts = new Map<string, string>();
  readonly #versions = new Map<string, number>();

  constructor(root: string, files: readonly string[]) {
    this.#root = root;
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
    this.#service = ts.createLanguageService({
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      getCompilationSettings: () => options,
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getScriptFileNames: () => files.map((file) => join(root, file)),
      getScriptVersion: (path) => String(this.#versions.get(path) ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.#texts.get(path) ?? ts.sys.readFile(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
    });
  }

  mutantsOf(file: string): readonly Mutant[] {
    const program = this.#service.getProgram();
    const source = program?.getSourceFile(join(this.#root, file));
    if (program === undefined || source === undefined) throw new Error(`The compiler does not know ${file}.`);
    return findMutants(file, source, program.getTypeChecker());
  }

  /** Whether the mutant's file parses and has no faults of types of its own. */
  accepts(mutant: Mutant): boolean {
    const path = join(this.#root, mutant.file);
    const source = ts.sys.readFile(path) ?? '';
    this.#see(path, planted(source, mutant));
    const faults = [...this.#service.getSyntacticDiagnostics(path), ...this.#service.getSemanticDiagnostics(path)];
    this.#see(path, source);
    return faults.every(({ code }) => TOLERATED.includes(code));
  }

  #see(path: string, text: string): void {
    this.#texts.set(path, text);
    this.#versions.set(path, (this.#versions.get(path) ?? 0) + 1);
  }
}
