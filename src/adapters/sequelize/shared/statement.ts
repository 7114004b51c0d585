/** SQL with values by name (`:name`), turned into what the drivers bind once, when it is declared. */

export type Dialect = 'sqlite' | 'postgres';

/** What a value is; with a question mark where it may be null. */
type ValueType = 'text' | 'integer' | 'bigint' | 'boolean' | 'text?' | 'integer?';
export type ValueTypes = Readonly<Record<string, ValueType>>;

type ValueOf<Type extends ValueType> = Type extends `${infer Given extends ValueType}?`
  ? ValueOf<Given> | null
  : Type extends 'text'
    ? string
    : Type extends 'boolean'
      ? boolean
      : number;

/** What a statement is given: every value that it names, and no other. */
export type Values<Types extends ValueTypes> = { readonly [Name in keyof Types]: ValueOf<Types[Name]> };

export type Statement<Types extends ValueTypes, Result> = Readonly<{
  /** PostgreSQL prepares it under this name, once per connection. */
  name: string;
  /** With numbered values, in the order of `names`. */
  text: Readonly<Record<Dialect, string>>;
  names: readonly (keyof Types & string)[];
  /** What a row of the answer is read as. */
  resultOf: (row: never) => Result;
}>;

/** Not the type of a `::cast`. */
const NAMED = /(?<![:\w]):(\w+)/g;

/**
 * A statement with the types of its values, its text (one for both databases, or one for each), and what a row of its
 * answer is read as: itself, unless told. Throws where the text names a value that has no type, or leaves out one that
 * has.
 */
export function statement<const Types extends ValueTypes, Row, Result>(
  name: string,
  types: Types,
  text: string | ((dialect: Dialect) => string),
  resultOf: (row: Row) => Result = (row) => row as unknown as Result,
): Statement<Types, Result> {
  const names = Object.keys(types);
  const numbered = (dialect: Dialect, placeholder: (number: number, type: ValueType) => string) => {
    const written = typeof text === 'string' ? text : text(dialect);
    checkNames(name, written, names);
    return written.replaceAll(NAMED, (_, value: string) =>
      placeholder(names.indexOf(value) + 1, types[value] as ValueType),
    );
  };
  return {
    name,
    names,
    text: {
      sqlite: numbered('sqlite', (number) => `?${number}`),
      // PostgreSQL cannot always tell a value's type from where it stands.
      postgres: numbered('postgres', (number, type) => `$${number}::${type.replace('?', '')}`),
    },
    resultOf,
  };
}

/** The values in the order in which they are numbered. */
export function inOrder<Types extends ValueTypes>(
  { names }: Pick<Statement<Types, unknown>, 'names'>,
  values: Values<Types>,
): Values<Types>[keyof Types][] {
  return names.map((name) => values[name]);
}

function checkNames(statement: string, text: string, declared: readonly string[]): void {
  const used = new Set(Array.from(text.matchAll(NAMED), ([, name]) => name as string));
  const wrong = [...used].filter((one) => !declared.includes(one)).concat(declared.filter((one) => !used.has(one)));
  if (wrong.length > 0)
    throw new Error(`The statement "${statement}" and its values disagree on: ${wrong.join(', ')}.`);
}
