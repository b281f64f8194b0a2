/** The walls of docs/architecture.md. Move one here only together with a page in docs/decisions. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Imports of types count too: a circle of types is a circle of ideas.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'lib-imports-only-lib',
      comment: 'The library knows neither the core service nor the sample nor the tests.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(src|sample-app|test|bench)/' },
    },
    {
      name: 'the-service-imports-only-lib',
      comment: 'It is a thin layer over the ports: it knows no recipe and no driver.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        path: [
          '^(sample-app|test|bench)/',
          '^lib/(recipes|http|delivery|override|users|testing)/',
          '^node_modules/(better-sqlite3|pg|kysely)/',
        ],
      },
    },
    {
      name: 'core-knows-no-recipe-and-no-http',
      comment: 'The core is used without Nest too.',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { path: ['^lib/(http|recipes|delivery|override|users|testing)/', '^node_modules/@nestjs/'] },
    },
    {
      name: 'embedded-and-remote-do-not-meet',
      comment: 'What both need is above them: an application on a remote core loads no engine.',
      severity: 'error',
      from: { path: '^lib/core/(embedded|remote|access-token)/' },
      to: {
        path: '^lib/core/(embedded|remote)/',
        pathNot: '^lib/core/$1/',
      },
    },
    {
      name: 'http-knows-no-recipe',
      severity: 'error',
      from: { path: '^lib/http/' },
      to: { path: '^lib/(recipes|delivery|users|testing)/' },
    },
    {
      name: 'drivers-only-in-storage',
      comment: 'A database driver is an optional peer: nothing else may need it.',
      severity: 'error',
      from: { path: '^lib/', pathNot: ['^lib/core/embedded/storage/', '^lib/core/auth-database\\.ts$'] },
      to: { path: '^node_modules/(better-sqlite3|pg|kysely)/' },
    },
    {
      name: 'auth-database-names-the-type-of-kysely',
      comment:
        'Applications write their own tables through AuthDatabase.current(), which yields a Kysely. A type is all the port needs: nothing of Kysely is loaded with a remote core.',
      severity: 'error',
      from: { path: '^lib/core/auth-database\\.ts$' },
      to: { path: '^node_modules/(better-sqlite3|pg|kysely)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'recipes-meet-at-their-index',
      severity: 'error',
      from: { path: '^lib/recipes/([^/]+)/' },
      to: { path: '^lib/recipes/([^/]+)/', pathNot: ['^lib/recipes/$1/', '^lib/recipes/[^/]+/index\\.ts$'] },
    },
    {
      name: 'applications-use-the-public-names',
      comment: 'The sample is what an application looks like.',
      severity: 'error',
      from: { path: '^sample-app/' },
      to: { path: '^lib/', pathNot: ['^lib/index\\.ts$', '^lib/testing/index\\.ts$'] },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(lib|src)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.spec\\.ts$'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
