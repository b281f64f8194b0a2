import { resolve } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  typeRoots: [resolve('node_modules/@types')],
  types: ['node'],
  strict: true,
  noImplicitOverride: true,
  noUncheckedIndexedAccess: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Compiles applications in strict mode. What their packages declare is found and read once for all of them. */
export class StrictCompiler {
  private readonly host = ts.createCompilerHost(OPTIONS);
  private readonly ofPackages = new Map<string, ts.SourceFile | undefined>();
  private readonly resolved = ts.createModuleResolutionCache(this.host.getCurrentDirectory(), (name) => name, OPTIONS);

  constructor() {
    // Comments say nothing about types.
    this.host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
    this.host.resolveModuleNameLiterals = (literals, file, redirected, options, source) =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(source, literal, options);
        return ts.resolveModuleName(literal.text, file, options, this.host, this.resolved, redirected, mode);
      });
    const read = this.host.getSourceFile.bind(this.host);
    this.host.getSourceFile = (file, ...how) => {
      if (!file.includes('/node_modules/')) return read(file, ...how);
      if (!this.ofPackages.has(file)) this.ofPackages.set(file, read(file, ...how));
      return this.ofPackages.get(file);
    };
  }

  program(files: Iterable<string>): ts.Program {
    return ts.createProgram([...files], OPTIONS, this.host);
  }
}
