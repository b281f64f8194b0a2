import type ts from 'typescript';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path/posix';
import { FOR_ROOT, filesThatCall, isEsm, shown } from './application-files.js';
import { EditedSource } from './edited-source.js';
import type { Rule, Tree } from './tree.js';
import { typescriptOfProject } from './typescript-of-project.js';

const DOMAINS = `/** Where this application is reached, without a path. */
export const apiDomain = process.env.API_DOMAIN ?? \`http://localhost:\${process.env.PORT ?? 3000}\`;

/** Where the website is reached. Another origin than that of the application may send requests with cookies. */
export const websiteDomain = process.env.WEBSITE_DOMAIN ?? apiDomain;
`;

const ENVIRONMENT = `# Latchkey. In production name the origins that browsers see; node --env-file=.env reads a file such as this one.
API_DOMAIN=http://localhost:3000
WEBSITE_DOMAIN=http://localhost:3000
`;

/**
 * Wires a fresh application as the README does it: the module, what `main.ts` needs, the environment.
 * @throws the application's module is not found, or its imports are not written in place
 */
export function nestAdd({ sourceRoot = 'src' }: { sourceRoot?: string }): Rule {
  return (tree, { logger }) => {
    const typescript = typescriptOfProject();
    const [there] = filesThatCall({ tree, typescript }, sourceRoot, FOR_ROOT);
    if (there !== undefined) {
      logger.info(`${shown(there.path)} has AuthModule already. Nothing has been changed.`);
      return;
    }
    const mainPath = join('/', sourceRoot, 'main.ts');
    if (!tree.exists(mainPath)) {
      throw new Error(
        `There is no ${shown(mainPath)}, from which the module is known. Name the application by --project.`,
      );
    }
    const main = new EditedSource(typescript, mainPath, tree.readText(mainPath));
    const [create] = main.callsOf('NestFactory.create');
    const root = create?.arguments[0]?.getText() ?? 'AppModule';
    const imported = main.importedFrom(root);
    const modulePath = join(dirname(mainPath), `${(imported ?? './app.module').replace(/\.js$/, '')}.ts`);
    if (!tree.exists(modulePath)) {
      throw new Error(
        `${shown(mainPath)} creates ${root}, and ${shown(modulePath)} is not there. Follow the README instead.`,
      );
    }
    const extension = main.extension(isEsm(tree, mainPath));
    const module = new EditedSource(typescript, modulePath, tree.readText(modulePath));
    addAuthModule(module, appName(tree));
    const domainsPath = join(dirname(modulePath), 'auth-domains.ts');
    module.addImport(['AuthModule', 'EmailPasswordRecipe', 'SessionRecipe'], 'latchkey');
    module.addImport(['apiDomain', 'websiteDomain'], `./auth-domains${extension}`);

    tree.overwrite(modulePath, module.result());
    if (!tree.exists(domainsPath)) tree.create(domainsPath, DOMAINS);
    const hints = prepareMain(main, create, extension);
    tree.overwrite(mainPath, main.result());
    append(tree, '/.env.example', ENVIRONMENT);
    if (tree.exists('/.gitignore')) append(tree, '/.gitignore', '\n# Accounts and sessions\nauth.sqlite*\n');

    logger.info(
      `${shown(modulePath)} has AuthModule now, with accounts by email and password in the file auth.sqlite.`,
    );
    for (const line of hints) logger.warn(`${shown(mainPath)}: ${line}`);
    if (!isBuiltin('node:sqlite')) {
      logger.warn(`Node ${process.versions.node} has no SQLite of its own: npm install better-sqlite3@12`);
    }
    logger.info('Next: guard a route by @Session(), and override a method: nest g -c latchkey override email-password');
  };
}

function addAuthModule(source: EditedSource, name: string): void {
  const { ts } = source;
  const call = `AuthModule.forRoot({
      appInfo: { appName: '${name}', apiDomain, websiteDomain },
      core: { sqlite: 'auth.sqlite' },
      recipeList: [SessionRecipe.init(), EmailPasswordRecipe.init()],
    })`;
  const module = source.decoratedClass('Module');
  const metadata = module && source.decorator(module, 'Module')?.arguments[0];
  if (metadata === undefined || !ts.isObjectLiteralExpression(metadata)) {
    throw new Error(`${shown(source.path)} has no class with @Module({ … }). Follow the README instead.`);
  }
  const imports = source.property(metadata, 'imports');
  const hasImports = metadata.properties.some((property) => property.name?.getText() === 'imports');
  if (!hasImports) return source.addProperty(metadata, `imports: [\n    ${call},\n  ]`);
  if (imports === undefined || !ts.isArrayLiteralExpression(imports)) {
    throw new Error(
      `The imports of ${module!.name?.text} are not written in place. Add to them yourself:\n    ${call}`,
    );
  }
  const rest =
    imports.elements.length === 0 ? '\n  ' : imports.elements[0]!.getFullText().startsWith('\n') ? '' : '\n    ';
  source.insert(imports.getStart() + 1, `\n    ${call},${rest}`);
}

/** @returns what could not be done, for the reader to do */
function prepareMain(source: EditedSource, create: ts.CallExpression | undefined, extension: string): string[] {
  const { ts } = source;
  let at: ts.Node | undefined = create;
  while (at !== undefined && !ts.isVariableDeclaration(at)) at = at.parent;
  const name = at?.name.getText() ?? 'app';
  const hooks = `${name}.enableShutdownHooks();`;
  const cors = `${name}.enableCors({ origin: websiteDomain, credentials: true, allowedHeaders: getAllCORSHeaders() });`;
  if (at === undefined) return [`write ${hooks}`, `write ${cors}`];
  const statement = at.parent.parent;
  const indent = /[ \t]*$/.exec(source.file.text.slice(0, statement.getStart()))![0];
  const lines: string[] = [];
  const hints: string[] = [];
  if (!source.file.text.includes('.enableShutdownHooks(')) {
    lines.push('// Ctrl+C and SIGTERM then close the database.', hooks);
  }
  if (/\benableCors\(|\bcors:/.test(source.file.text)) {
    hints.push(
      'it has options of CORS already. They need credentials: true, and allowedHeaders with getAllCORSHeaders().',
    );
  } else {
    lines.push('// The website may send requests with cookies.', cors);
    source.addImport(['getAllCORSHeaders'], 'latchkey');
    source.addImport(['websiteDomain'], `./auth-domains${extension}`);
  }
  source.insert(statement.end, lines.map((line) => `\n${indent}${line}`).join(''));
  return hints;
}

/** @returns words of letters and digits alone */
function appName(tree: Tree): string {
  const manifest = tree.exists('/package.json')
    ? (JSON.parse(tree.readText('/package.json')) as { name?: string })
    : {};
  const words = (manifest.name ?? 'app').replace(/^@[^/]*\//, '').split(/[^\p{L}\p{N}]+/u);
  return (
    words
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' ')
      .trim() || 'App'
  );
}

function append(tree: Tree, path: string, text: string): void {
  if (!tree.exists(path)) return tree.create(path, text);
  const current = tree.readText(path);
  if (!current.includes(text.trim())) tree.overwrite(path, `${current.trimEnd()}\n${text}`);
}
