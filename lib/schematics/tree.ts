/**
 * What is needed of the `Tree` of `@angular-devkit/schematics`. The CLI of NestJS brings one of its versions, so the package
 * depends on none.
 */
export interface Tree {
  exists(path: string): boolean;
  readText(path: string): string;
  create(path: string, content: string): void;
  overwrite(path: string, content: string): void;
  getDir(path: string): { visit(visitor: (path: string) => void): void };
}

export interface SchematicContext {
  logger: { info(message: string): void; warn(message: string): void };
}

/** Nothing is written where it throws; the CLI prints the message. */
export type Rule = (tree: Tree, context: SchematicContext) => void;
