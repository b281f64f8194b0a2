// A plugin of TypeDoc for the pages of docs/: what they are called, where they are in the menu, and at which address.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Application, Converter, KindRouter } from 'typedoc';

const GROUPS = { 'docs/guides': 'Guides', 'docs/decisions': 'Decisions' };

export function load(app) {
  const paths = new Map();

  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const path = document.project.files.getReflectionPath(document);
    const page = relative(process.cwd(), path).replace(/\.md$/, '');
    paths.set(document, page);
    document.name = /^# (.+)$/m.exec(readFileSync(path, 'utf8'))[1];
    document.frontmatter.group = GROUPS[page.replace(/\/[^/]+$/, '')] ?? 'About';
  });

  app.renderer.defineRouter(
    'pages',
    class extends KindRouter {
      getIdealBaseName(reflection) {
        return paths.get(reflection) ?? super.getIdealBaseName(reflection);
      }
    },
  );

  app.on(Application.EVENT_BOOTSTRAP_END, () => {
    app.options.setValue('markdownItLoader', ({ core }) => core.ruler.push('code-in-headings', codeInHeadings));
  });
}

// TypeDoc makes anchors and the table of contents of a heading's text, and does not count `code` as text.
function codeInHeadings({ tokens }) {
  tokens.forEach((token, index) => {
    if (token.type !== 'heading_open') return;
    for (const part of tokens[index + 1].children) {
      if (part.type === 'code_inline') part.type = 'text';
    }
  });
}
