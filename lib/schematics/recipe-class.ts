import { existsSync, readFileSync } from 'node:fs';
import type { TypeScript } from './typescript-of-project.js';
import type ts from 'typescript';

/** A class of a recipe that an application may extend, and one of its methods as an example. */
export interface RecipeClass {
  /** Such as `EmailPasswordApi`. */
  base: string;
  /** Such as `EmailPasswordRecipe`. */
  recipe: string;
  layer: 'api' | 'functions';
  method: string;
  /** The type of the input; a name that the package exports, or an expression. */
  input: string;
  isInputExported: boolean;
}

const LAYERS = ['api', 'functions'] as const;

/** The declarations of the package itself, which say what each recipe has. */
const declarations = new URL('../', import.meta.url);

/**
 * @param name such as `email-password`, for the routes, or `email-password-functions`
 * @throws the package has no such recipe, or the recipe has no such layer
 */
export function recipeClass(typescript: TypeScript, name: string): RecipeClass {
  const recipes = recipeNames();
  const layer = LAYERS.find((candidate) => name.endsWith(`-${candidate}`));
  const folder = layer === undefined ? name : name.slice(0, -layer.length - 1);
  if (!recipes.includes(folder)) {
    throw new Error(
      `Latchkey has no recipe ${folder || '""'}. Name one of ${recipes.join(', ')}; with -functions behind it, ` +
        'the function layer is overridden instead of the routes.',
    );
  }
  for (const candidate of layer === undefined ? LAYERS : [layer]) {
    const found = readClass(typescript, folder, candidate);
    if (found !== undefined) return found;
  }
  throw new Error(`The recipe ${folder} has no routes. Write ${folder}, which overrides its functions.`);
}

/** Those that the package exports. */
function recipeNames(): string[] {
  const index = readFileSync(new URL('index.d.ts', declarations), 'utf8');
  return [...index.matchAll(/'\.\/recipes\/([\w-]+)\/index\.js'/g)].map(([, name]) => name!);
}

function readClass(typescript: TypeScript, folder: string, layer: RecipeClass['layer']): RecipeClass | undefined {
  const url = new URL(`recipes/${folder}/${folder}.${layer}.d.ts`, declarations);
  if (!existsSync(url)) return undefined;
  const file = typescript.createSourceFile(url.pathname, readFileSync(url, 'utf8'), typescript.ScriptTarget.Latest);
  const pascal = folder.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
  const base = `${pascal}${layer === 'api' ? 'Api' : 'Functions'}`;
  const declaration = file.statements
    .filter((statement) => typescript.isClassDeclaration(statement))
    .find((statement) => statement.name?.text === base);
  const method = exampleOf(declaration?.members.filter((member) => typescript.isMethodDeclaration(member)) ?? []);
  if (method === undefined) return undefined;
  const name = (method.name as ts.Identifier).text;
  const type = typeName(typescript, method.parameters[0]);
  const isInputExported = type !== undefined && exportedNames().includes(type);
  const input = isInputExported ? type : `Parameters<${base}['${name}']>[0]`;
  return { base, recipe: `${pascal}Recipe`, layer, method: name, input, isInputExported };
}

/** What people override first is who may come in. */
function exampleOf(methods: ts.MethodDeclaration[]): ts.MethodDeclaration | undefined {
  const named = (pattern: RegExp) => methods.find(({ name }) => pattern.test((name as ts.Identifier).text));
  return named(/sign(In)?Up/i) ?? named(/POST$/) ?? methods[0];
}

function typeName(typescript: TypeScript, parameter: ts.ParameterDeclaration | undefined): string | undefined {
  const type = parameter?.type;
  if (type === undefined || !typescript.isTypeReferenceNode(type) || type.typeArguments !== undefined) return undefined;
  return typescript.isQualifiedName(type.typeName) ? type.typeName.right.text : type.typeName.text;
}

function exportedNames(): string[] {
  return recipeNames().flatMap((recipe) => {
    const folder = new URL(`recipes/${recipe}/`, declarations);
    const index = readFileSync(new URL('index.d.ts', folder), 'utf8');
    const stars = [...index.matchAll(/export (?:type )?\* from '\.\/([\w.-]+)\.js'/g)];
    const texts = stars.map(([, file]) => readFileSync(new URL(`${file}.d.ts`, folder), 'utf8'));
    const declared = texts.flatMap((text) => [...text.matchAll(/^export (?:interface|type) (\w+)/gm)]);
    return [...index.matchAll(/\b(\w+)\b/g), ...declared].map(([, name]) => name!);
  });
}
