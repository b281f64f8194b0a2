import type { RecipeClass } from './recipe-class.js';

interface Place {
  /** Of the subclass. */
  className: string;
  /** The name of its file, without its extension: as an import of the file beside it names it. */
  file: string;
  /** `.js`, or nothing in CommonJS. */
  extension: string;
  /** The class of the application's module, and where it is from here. */
  module: { name: string; from: string };
}

export function overrideText({ base, method, input, isInputExported, layer }: RecipeClass, className: string): string {
  const imported = isInputExported ? `${base}, type ${input}` : base;
  const what = layer === 'api' ? 'Routes' : 'Functions';
  return `import { Injectable } from '@nestjs/common';
import { ${imported} } from 'latchkey';

/** ${what} of Latchkey, as this application has them. Its constructor may inject what you like, after \`super()\`. */
@Injectable()
export class ${className} extends ${base} {
  override async ${method}(input: ${input}) {
    return super.${method}(input);
  }
}
`;
}

export function overrideTestText({ base }: RecipeClass, { className, file, extension, module }: Place): string {
  return `import { Test } from '@nestjs/testing';
import { ${base} } from 'latchkey';
import { withInMemoryCore } from 'latchkey/testing';
import { ${module.name} } from '${module.from}${extension}';
import { ${className} } from './${file}${extension}';

describe('${className}', () => {
  it('is what Latchkey calls', async () => {
    const module = await withInMemoryCore(Test.createTestingModule({ imports: [${module.name}] })).compile();

    expect(module.get(${base})).toBeInstanceOf(${className});
    await module.close();
  });
});
`;
}
