// A plugin of TypeDoc: each public name has a docstring of its own, and so has each option. TypeDoc itself is content with
// what a name inherits, and cannot ask for the members of some types only.
import { Converter, ReflectionKind } from 'typedoc';

const NAMES =
  ReflectionKind.Class |
  ReflectionKind.Interface |
  ReflectionKind.TypeAlias |
  ReflectionKind.Function |
  ReflectionKind.Variable;
const OPTIONS =
  /Options$|^(?:AppInfo|EmailBrand|PostgresPoolConfig|ProviderClientConfig|ProviderConfig|ThirdPartyConfig)$/;

export function load(app) {
  // Before TypeDoc copies docstrings from base classes and interfaces.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(NAMES)) {
      if (!hasDocstring(reflection)) app.logger.warn(`${reflection.getFullName()} has no docstring of its own`);
    }
    for (const option of project.getReflectionsByKind(ReflectionKind.Property | ReflectionKind.Method)) {
      if (!OPTIONS.test(option.parent.name) || option.inheritedFrom !== undefined) continue;
      if (!hasDocstring(option)) app.logger.warn(`The option ${option.getFullName()} has no docstring`);
      if (/\bDefault\b|\bby default\b/.test(wordsOf(option))) {
        app.logger.warn(`The option ${option.getFullName()} tells its default in words: use @default`);
      }
    }
  });
}

function commentsOf(reflection) {
  return [reflection, ...(reflection.signatures ?? [])].flatMap(({ comment }) => comment ?? []);
}

function hasDocstring(reflection) {
  return commentsOf(reflection).length > 0;
}

function wordsOf(reflection) {
  return commentsOf(reflection)
    .flatMap(({ summary }) => summary.map(({ text }) => text))
    .join('');
}
