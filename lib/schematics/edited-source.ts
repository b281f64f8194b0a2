import type ts from 'typescript';
import type { TypeScript } from './typescript-of-project.js';

/** A file of the application: what stands in it, and what is inserted. The rest stays as it is, to the letter. */
export class EditedSource {
  readonly file: ts.SourceFile;
  private readonly insertions: { at: number; text: string }[] = [];

  constructor(
    readonly ts: TypeScript,
    readonly path: string,
    private readonly text: string,
  ) {
    this.file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  }

  /** @returns calls of one of these functions, such as `AuthModule.forRoot` */
  callsOf(...names: string[]): ts.CallExpression[] {
    const isCall = this.ts.isCallExpression;
    return this.nodes().filter((node) => isCall(node) && names.includes(node.expression.getText())) as never;
  }

  /** @returns the class with a decorator of this name around a place, or else the first one */
  decoratedClass(decorator: string, around?: ts.Node): ts.ClassDeclaration | undefined {
    const { isClassDeclaration } = this.ts;
    const classes = this.nodes()
      .filter((node) => isClassDeclaration(node))
      .filter((node) => this.decorator(node, decorator) !== undefined);
    const contains = (node: ts.Node) => around !== undefined && node.pos <= around.pos && around.end <= node.end;
    return classes.find(contains) ?? classes[0];
  }

  decorator(node: ts.ClassDeclaration, name: string): ts.CallExpression | undefined {
    const { isCallExpression, isDecorator } = this.ts;
    return node.modifiers
      ?.filter((modifier) => isDecorator(modifier))
      .map(({ expression }) => expression)
      .filter((expression) => isCallExpression(expression))
      .find(({ expression }) => expression.getText() === name);
  }

  /** @returns the value of a property, unless the object has it in another form */
  property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
    const { isPropertyAssignment } = this.ts;
    return object.properties
      .filter((property) => isPropertyAssignment(property))
      .find((property) => property.name.getText() === name)?.initializer;
  }

  /** @returns where a name is imported from, such as `./app.module.js` */
  importedFrom(name: string): string | undefined {
    return this.imports().find((declaration) => this.namesOf(declaration).includes(name))?.moduleSpecifier.text;
  }

  insert(at: number, text: string): void {
    this.insertions.push({ at, text });
  }

  /** Puts a property before those that are there. */
  addProperty(object: ts.ObjectLiteralExpression, property: string): void {
    const [first] = object.properties;
    if (first === undefined) return this.insert(object.getStart() + 1, ` ${property} `);
    const lineStart = this.text.lastIndexOf('\n', first.getStart()) + 1;
    const indent = /^[ \t]*/.exec(this.text.slice(lineStart))![0];
    const isFirstOfLine = lineStart + indent.length === first.getStart();
    this.insert(first.getStart(), `${property},${isFirstOfLine ? `\n${indent}` : ' '}`);
  }

  addImport(names: readonly string[], from: string): void {
    const imports = this.imports();
    const missing = names.filter((name) => !imports.some((declaration) => this.namesOf(declaration).includes(name)));
    if (missing.length === 0) return;
    const quote = imports[0]?.moduleSpecifier.getText()[0] ?? "'";
    const line = `import { ${missing.join(', ')} } from ${quote}${from}${quote};`;
    const packages = imports.filter(({ moduleSpecifier }) => isPackage(moduleSpecifier.text));
    const last = (isPackage(from) ? packages.at(-1) : undefined) ?? imports.at(-1);
    this.insert(last?.end ?? 0, last === undefined ? `${line}\n` : `\n${line}`);
  }

  /** @returns `.js` where the file writes it in imports of its own project, or would have to */
  extension(isEsm: boolean): '.js' | '' {
    const ownImports = this.imports()
      .map(({ moduleSpecifier }) => moduleSpecifier.text)
      .filter((specifier) => specifier.startsWith('.'));
    const has = ownImports.length > 0 ? ownImports.some((specifier) => specifier.endsWith('.js')) : isEsm;
    return has ? '.js' : '';
  }

  result(): string {
    let [text, from] = ['', 0];
    for (const { at, text: inserted } of [...this.insertions].sort((a, b) => a.at - b.at)) {
      text += this.text.slice(from, at) + inserted;
      from = at;
    }
    return text + this.text.slice(from);
  }

  private imports(): (ts.ImportDeclaration & { moduleSpecifier: ts.StringLiteral })[] {
    return this.file.statements.filter((statement) => this.ts.isImportDeclaration(statement)) as never;
  }

  private namesOf({ importClause }: ts.ImportDeclaration): string[] {
    const bindings = importClause?.namedBindings;
    if (bindings === undefined || !this.ts.isNamedImports(bindings)) return [];
    return bindings.elements.map(({ name }) => name.text);
  }

  private nodes(): ts.Node[] {
    const found: ts.Node[] = [];
    const visit = (node: ts.Node): void => {
      found.push(node);
      node.forEachChild(visit);
    };
    visit(this.file);
    return found;
  }
}

function isPackage(specifier: string): boolean {
  return !specifier.startsWith('.');
}
