import type ts from 'typescript';
import { dirname, join, relative } from 'node:path/posix';
import { filesThatCall, FOR_ROOT, isEsm, shown, type Project } from './application-files.js';
import type { EditedSource } from './edited-source.js';
import { overrideTestText, overrideText } from './override-template.js';
import { recipeClass, type RecipeClass } from './recipe-class.js';
import type { Rule } from './tree.js';
import { typescriptOfProject } from './typescript-of-project.js';

/** What the CLI of NestJS gives. */
export interface OverrideOptions {
  /** A recipe, such as `email-password`. */
  name?: string;
  sourceRoot?: string;
  /** A folder below `sourceRoot` for the new files. */
  path?: string;
  /** Beside the module, instead of in the folder `auth` there. */
  flat?: boolean;
  spec?: boolean;
  specFileSuffix?: string;
}

/**
 * Writes a subclass of a recipe's class, with a test, and names it in the options of the recipe.
 * @throws a file is there already; the recipe is overridden already, or its options are not written in place
 */
export function override(options: OverrideOptions): Rule {
  return (tree, { logger }) => {
    const { name = '', sourceRoot = 'src', path, flat = false, spec = true, specFileSuffix = 'spec' } = options;
    const typescript = typescriptOfProject();
    const overridden = recipeClass(typescript, name);
    const { module, place, call } = placesOf(overridden, { tree, typescript }, sourceRoot);
    const className = `App${overridden.base}`;
    const folder = path === undefined ? join(dirname(module.path), flat ? '' : 'auth') : join('/', sourceRoot, path);
    const file = `app-${kebab(overridden.base, overridden.layer)}.${overridden.layer}`;
    nameOverride(place, call, { className, option: overridden.layer === 'api' ? 'apis' : 'functions' });
    const extension = place.extension(isEsm(tree, place.path));
    place.addImport([className], fromTo(dirname(place.path), join(folder, file)) + extension);

    const written = new Map([[join(folder, `${file}.ts`), overrideText(overridden, className)]]);
    const root = module.decoratedClass('Module', module.callsOf(...FOR_ROOT)[0])?.name?.text;
    if (spec && root !== undefined) {
      const from = fromTo(folder, module.path.replace(/\.ts$/, ''));
      const test = overrideTestText(overridden, { className, file, extension, module: { name: root, from } });
      written.set(join(folder, `${file}.${specFileSuffix}.ts`), test);
    }
    const existing = [...written.keys()].find((path) => tree.exists(path));
    if (existing !== undefined) throw new Error(`${shown(existing)} is there already. Nothing has been changed.`);
    for (const [path, text] of written) tree.create(path, text);
    tree.overwrite(place.path, place.result());
    logger.info(
      `${className} overrides ${overridden.method} of ${overridden.base}, by ${overridden.recipe}.init in ${shown(place.path)}.`,
    );
  };
}

/** The file of the module, and the call of `init` of the recipe with its file, which may be another one. */
function placesOf(overridden: RecipeClass, project: Project, sourceRoot: string) {
  const { recipe } = overridden;
  const [module, otherModule] = filesThatCall(project, sourceRoot, FOR_ROOT);
  if (module === undefined) {
    throw new Error(
      `No file below ${sourceRoot} calls AuthModule.forRoot({ … }). Add Latchkey first: nest add latchkey`,
    );
  }
  if (otherModule !== undefined) {
    throw new Error(
      `${shown(module.path)} and ${shown(otherModule.path)} both call AuthModule.forRoot({ … }). Name the application by --project.`,
    );
  }
  const inits = [`${recipe}.init`, `${recipe}.initAsync`];
  const elsewhere = filesThatCall(project, sourceRoot, inits).filter(({ path }) => path !== module.path);
  const found = [module, ...elsewhere].flatMap((place) =>
    place.callsOf(...inits).map((call) => ({ module, place, call })),
  );
  if (found.length === 1) return found[0]!;
  throw new Error(
    found.length === 0
      ? `recipeList has no ${recipe}. Add ${recipe}.init() to AuthModule.forRoot({ recipeList }) in ${shown(module.path)} first.`
      : `${recipe}.init is called more than once below ${sourceRoot}. Write override yourself where it belongs.`,
  );
}

/** Adds `override: { apis: TheClass }` to the options that are written at this call. */
function nameOverride(
  source: EditedSource,
  call: ts.CallExpression,
  { className, option }: { className: string; option: 'apis' | 'functions' },
): void {
  const { ts } = source;
  const where = `${call.expression.getText()} in ${shown(source.path)}`;
  const byHand = `Write override: { ${option}: ${className} } there yourself; nothing has been changed.`;
  const [options] = call.arguments;
  if (options === undefined) return source.insert(call.end - 1, `{ override: { ${option}: ${className} } }`);
  if (!ts.isObjectLiteralExpression(options))
    throw new Error(`The options of ${where} are not written in place. ${byHand}`);
  const hasOverride = options.properties.some((property) => property.name?.getText() === 'override');
  if (!hasOverride) return source.addProperty(options, `override: { ${option}: ${className} }`);
  const override = source.property(options, 'override');
  if (override === undefined || !ts.isObjectLiteralExpression(override)) {
    throw new Error(`override of ${where} is not written in place. ${byHand}`);
  }
  const current = override.properties.find((property) => property.name?.getText() === option);
  if (current !== undefined) {
    throw new Error(`${where} has ${current.getText()} already. Nothing has been changed.`);
  }
  source.addProperty(override, `${option}: ${className}`);
}

/** `EmailPasswordApi` is `email-password`. */
function kebab(base: string, layer: RecipeClass['layer']): string {
  return base
    .slice(0, -layer.length)
    .replaceAll(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();
}

function fromTo(folder: string, file: string): string {
  const path = relative(folder, file);
  return path.startsWith('.') ? path : `./${path}`;
}
