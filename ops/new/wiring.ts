/** Wires a use case, and passes it to the routes of its room. */
import ts from 'typescript';
import type { Names } from './names.ts';
import type { Project } from './project.ts';
import { Refusal } from './refusal.ts';
import type { SourceEdit } from './source-edit.ts';

const WIRING = 'src/infrastructure/wiring';

/** A call of `routes(bind, declare, { … })`. */
type RoutesCall = Readonly<{ edit: SourceEdit; declare: string; useCases: ts.ObjectLiteralExpression }>;
/** The function that declares routes, and its file. */
export type Declaring = Readonly<{ path: string; declare: string }>;

export function wireUseCase(project: Project, names: Names): Declaring {
  wire(project.edit(`${WIRING}/${names.room}.ts`), names);
  const { edit, declare, useCases } = routesOf(project, names.room);
  edit.addTo(useCases, `${names.variable}: ${names.type}`);
  addImport(edit, names);
  const from = edit.importedFrom(declare);
  if (from === undefined) throw new Refusal(`${edit.path} does not import ${declare}.`);
  return { path: from.replace(/^#/, 'src/'), declare };
}

function wire(edit: SourceEdit, names: Names): void {
  const last = edit.calls('wire').at(-1);
  if (last === undefined) throw new Refusal(`${edit.path} wires nothing yet.`);
  const unitOfWork = edit.knows('unitOfWork') ? 'unitOfWork' : 'unitOfWork: tokens.unitOfWork';
  const audit = edit.knows('audit') ? 'audit' : 'audit: AuditEntries';
  edit.addAfter(last.parent, `\nwire(bind, ${names.type}, { ${unitOfWork}, ${audit} });`);
  if (!edit.knows('audit')) edit.addImport('AuditEntries', '#application/shared/audit-log.ts');
  addImport(edit, names);
}

function addImport(edit: SourceEdit, { type, room, file }: Names): void {
  edit.addImport(type, `#application/${room}/${file}.ts`);
}

/** Returns the routes that call most use cases of the room; the first such routes if there are several. */
function routesOf(project: Project, room: string): RoutesCall {
  const calls = project.glob(`${WIRING}/**/*.ts`).flatMap((path) => callsIn(project.edit(path)));
  const uses = ({ edit, useCases }: RoutesCall) =>
    useCases.properties.filter(
      (one) =>
        ts.isPropertyAssignment(one) &&
        edit.importedFrom(one.initializer.getText())?.startsWith(`#application/${room}/`) === true,
    ).length;
  const most = Math.max(0, ...calls.map(uses));
  const found = calls.find((call) => uses(call) === most);
  if (found === undefined || most === 0) throw new Refusal(`No routes call the use cases of ${room} yet.`);
  return found;
}

function callsIn(edit: SourceEdit): readonly RoutesCall[] {
  return edit.calls('routes').flatMap(({ arguments: [, declare, useCases] }) => {
    if (declare === undefined || useCases === undefined || !ts.isObjectLiteralExpression(useCases)) return [];
    return [{ edit, declare: declare.getText(), useCases }];
  });
}
