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
      name: 'no-circular-folders',
      comment: 'Of two folders beside each other one is above the other.',
      scope: 'folder',
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
      name: 'core-knows-only-core',
      comment: 'It is used without Nest and HTTP too, by the core service.',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { path: ['^lib/(?!core/)', '^node_modules/@nestjs/'] },
    },
    {
      name: 'ports-stand-on-nothing',
      comment:
        'The files of lib/core itself are the ports, with their types and errors: all of the core stands on them.',
      severity: 'error',
      from: { path: '^lib/core/[^/]+$' },
      to: { path: '^lib/core/[^/]+/' },
    },
    {
      name: 'cores-know-no-parts',
      comment: 'Parts are what a core is made of, so they name both sides.',
      severity: 'error',
      from: { path: '^lib/core/(access-token|embedded|remote)/' },
      to: { path: '^lib/core/parts/' },
    },
    {
      name: 'storage-knows-no-engine',
      severity: 'error',
      from: { path: '^lib/core/embedded/storage/' },
      to: { path: '^lib/core/embedded/[^/]+$' },
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
      name: 'http-knows-only-core',
      severity: 'error',
      from: { path: '^lib/http/' },
      to: { path: '^lib/(?!http/|core/)' },
    },
    {
      name: 'what-recipes-are-made-of-knows-none',
      severity: 'error',
      from: { path: '^lib/(override|attempts|claims|delivery|passwords|tracing|users)/' },
      to: { path: '^lib/(?!$1/|override/|http/|core/)' },
    },
    {
      name: 'recipes-know-no-module',
      comment: 'What brings recipes into an application is above them.',
      severity: 'error',
      from: { path: '^lib/recipes/' },
      to: { path: ['^lib/[^/]+$', '^lib/(testing|cli)/'] },
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
      name: 'transports-are-optional',
      comment: 'Who imports the package itself loads none of Nest’s packages for GraphQL, sockets and microservices.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(graphql|websockets|microservices)/' },
      to: {
        path: ['^lib/(graphql|websockets|microservices)/', '^node_modules/@nestjs/(graphql|websockets|microservices)/'],
      },
    },
    {
      name: 'schematics-stand-alone',
      comment: 'They run in the CLI of NestJS, and edit an application: what is in it they do not load.',
      severity: 'error',
      from: { path: '^lib/schematics/' },
      to: { path: ['^lib/(?!schematics/)', '^node_modules/@'] },
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
      name: 'the-dashboard-speaks-the-wire',
      comment: 'Its page runs in a browser, and any server may answer it: it imports nothing but what draws it.',
      severity: 'error',
      from: { path: '^dashboard/' },
      to: { pathNot: ['^dashboard/', '^node_modules/(preact|vite)/', '^node:url$', '^url$'] },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(lib|src)/', pathNot: '\\.spec\\.ts$' },
      // The build puts all of tldts into the package: docs/decisions/0046
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['npm-peer', 'type-only'],
        pathNot: '^node_modules/tldts/',
      },
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
