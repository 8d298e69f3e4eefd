import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface Import {
  /** As written: `../events/index.js`, `node:net`, `rxjs`. */
  readonly name: string;
  /** `type` imports are gone when the program runs; `dynamic` ones load when they are reached. */
  readonly kind: 'static' | 'type' | 'dynamic';
  /** The names taken, as far as they are written down. */
  readonly names: readonly string[];
}

/** A source as its text says it is: nothing is loaded or run. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly Import[];
  /** Every name used that no import or declaration of the file explains away: `Date`, `Math.random`, `new Date()`. */
  readonly globals: readonly string[];
  /** Lines on which the type `any` is written. */
  readonly anyLines: readonly number[];
}

/** Reads one source; `path` is relative to the repository root. */
export function parseSource(path: string, text: string): SourceFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const globals = new Set<string>();
  const anyLines: number[] = [];
  const visit = (node: ts.Node): void => {
    const found = importIn(node);
    if (found !== undefined) imports.push(found);
    for (const name of globalsIn(node)) globals.add(name);
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      anyLines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, imports, globals: [...globals], anyLines };
}

function importIn(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const elements = named !== undefined && ts.isNamedImports(named) ? [...named.elements] : [];
    const onlyTypes = elements.length > 0 && clause?.name === undefined && elements.every((one) => one.isTypeOnly);
    const isType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || onlyTypes;
    const names = elements.map((one) => (one.propertyName ?? one.name).text);
    return { name: node.moduleSpecifier.text, kind: isType ? 'type' : 'static', names };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier))
    return { name: node.moduleSpecifier.text, kind: node.isTypeOnly ? 'type' : 'static', names: [] };
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return literal(node.moduleReference.expression, 'static');
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal, 'type');
  if (ts.isCallExpression(node)) {
    const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    if (isImport || isRequire) return literal(node.arguments[0], isImport ? 'dynamic' : 'static');
  }
  return undefined;
}

/** An import whose name is computed cannot be checked: its name says so, and no rule allows it. */
function literal(node: ts.Node | undefined, kind: Import['kind']): Import {
  return { name: node !== undefined && ts.isStringLiteralLike(node) ? node.text : '<computed>', kind, names: [] };
}

function globalsIn(node: ts.Node): string[] {
  if (!ts.isIdentifier(node) || isOnlyAName(node)) return [];
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node)
    return [node.text, `${node.text}.${parent.name.text}`];
  if (ts.isNewExpression(parent) && parent.expression === node && (parent.arguments?.length ?? 0) === 0)
    return [node.text, `new ${node.text}()`];
  if (ts.isCallExpression(parent) && parent.expression === node) return [node.text, `${node.text}()`];
  return [node.text];
}

/** True where an identifier names a property, a member or a type's field rather than using a value. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isGetAccessorDeclaration(parent);
  return named && parent.name === node;
}

/** Every TypeScript file under these folders of the repository. */
export function readSources(folders: readonly string[], root = '.'): SourceFile[] {
  return filesUnder(folders, root)
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')));
}

/** Every file under these folders, by its path from the repository root. */
export function filesUnder(folders: readonly string[], root = '.'): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root === '.' ? 0 : root.length + 1)),
  );
}
