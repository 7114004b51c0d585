/** Declares a route for a use case, in the file that has the routes of its room. */
import ts from 'typescript';
import type { Names } from './names.ts';
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';
import type { SourceEdit } from './source-edit.ts';
import { routeText } from './templates.ts';
import type { Declaring } from './wiring.ts';

/** Routes as the fixtures of the authorisation matrix name them: `POST /games`. */
export type RouteKeys = Readonly<{ added: string; others: readonly string[] }>;

export function declareRoute(project: Project, names: Names, { path, declare }: Declaring): RouteKeys {
  const edit = project.edit(path);
  const { list, useCases, parameter } = partsOf(edit, declare);
  const others = keysIn(edit);
  edit.addTo(list, `${names.variable}(${parameter})`);
  edit.addTo(useCases.literal, `${names.variable}: ${names.type};`);
  edit.addImport(names.type, `#application/${names.room}/${names.file}.ts`, 'type');
  edit.addAtEnd(routeText(names, useCases.name, propertyText(edit, 'tag')));
  return { added: `POST /${names.file}`, others };
}

/** The parts of `function gameRoutes(useCases: GameUseCases) { return [ … ]; }`, and of the type `GameUseCases`. */
function partsOf(edit: SourceEdit, declare: string) {
  const [parameter] = edit.all(ts.isFunctionDeclaration).find((one) => one.name?.text === declare)?.parameters ?? [];
  const list = edit
    .all(ts.isReturnStatement)
    .filter((one) => one.parent.parent === parameter?.parent)
    .map(({ expression }) => expression)
    .find((one) => one !== undefined && ts.isArrayLiteralExpression(one));
  const name = parameter?.type?.getText() ?? '';
  const type = edit.all(ts.isTypeAliasDeclaration).find((one) => one.name.text === name);
  const literal = edit.all(ts.isTypeLiteralNode).find((one) => one.parent === type?.type);
  if (parameter === undefined || list === undefined || literal === undefined || !ts.isIdentifier(parameter.name))
    throw new Refusal(`${declare} in ${edit.path} is not of the form (useCases: SomeUseCases) => [route, …].`);
  return { list: list as ts.ArrayLiteralExpression, parameter: parameter.name.text, useCases: { name, literal } };
}

function keysIn(edit: SourceEdit): readonly string[] {
  return edit.calls('route').flatMap(({ arguments: [declaration] }) => {
    if (declaration === undefined || !ts.isObjectLiteralExpression(declaration)) return [];
    const text = (name: string) => {
      const property = declaration.properties
        .filter(ts.isPropertyAssignment)
        .find((one) => one.name.getText() === name);
      return property !== undefined && ts.isStringLiteral(property.initializer) ? property.initializer.text : '';
    };
    return [`${text('method').toUpperCase()} ${text('path')}`];
  });
}

/** Returns the first property of that name as it is written: `tag` or `tag: 'Auth'`. */
function propertyText(edit: SourceEdit, name: string): string {
  const properties = [...edit.all(ts.isShorthandPropertyAssignment), ...edit.all(ts.isPropertyAssignment)];
  return properties.find((one) => one.name.getText() === name)?.getText() ?? `${name}: ''`;
}
