const pure = '^src/(iam|gsl|rules)/';

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides which way the data flows. Move what both sides need to the earlier stage.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports is dead, or not wired up yet.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: ['^src/cli/main\\.ts$', '^src/report/html/client/'] },
      to: {},
    },
    {
      name: 'no-unresolved',
      comment: 'An import that cannot be resolved fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:' },
    },
    {
      name: 'pure-without-node',
      comment: 'iam, gsl and rules are pure, so that they run in workers, tests and benchmarks alike.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-among-themselves',
      comment:
        'iam, gsl and rules know nothing of evidence, storage or reports; only rules may use gsl and iam.',
      severity: 'error',
      from: { path: pure },
      to: { path: '^src/', pathNot: pure },
    },
    {
      name: 'gsl-and-iam-apart',
      comment: 'The rule language does not know IAM, and IAM does not know the rule language or any rule.',
      severity: 'error',
      from: { path: '^src/(iam|gsl)/' },
      to: { path: '^src/(iam|gsl|rules)/', pathNot: '^src/$1/' },
    },
    ...[
      ['evidence', 'evidence'],
      ['json', 'json'],
      ['formats', 'evidence|json|formats|iam'],
      ['audit', 'evidence|json|formats|audit|iam|gsl|rules'],
      ['store', 'evidence|json|formats|audit|store|iam|rules'],
      ['history', 'formats|audit|store|history|iam|rules'],
      ['manifest', 'evidence|json|store|manifest'],
    ].map(([stage, upstream]) => ({
      name: `one-way-${stage}`,
      comment:
        'Data flows evidence -> json -> formats -> audit -> store -> history -> report; import only upstream.',
      severity: 'error',
      from: { path: `^src/${stage}/` },
      to: { path: '^src/', pathNot: `^src/(?:(?:${upstream})/|errors\\.ts$)` },
    })),
    {
      name: 'report-reads-the-store-only',
      comment:
        'A report is a pure rendering of what the store says; of other stages it may know the types and how commands are written.',
      severity: 'error',
      from: { path: '^src/report/', pathNot: '^src/report/html/client/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(?:report/|store/types\\.ts$|errors\\.ts$|audit/(?:path-key|remediation-commands)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'page-proposes-by-itself',
      comment:
        'The page makes its proposals by the code behind `fix`; else it knows only what a report knows.',
      severity: 'error',
      from: { path: '^src/report/html/client/' },
      to: {
        path: '^src/',
        pathNot: '^src/(?:report/|audit/remediation|iam/json\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'sqlite-in-store-only',
      comment:
        'SQLite is an implementation detail of the store. The one exception reads tables out of databases that are evidence.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:store/|evidence/sqlite-table\\.ts$)' },
      to: { path: 'better-sqlite3' },
    },
    {
      name: 'files-at-the-edges-only',
      comment: 'Only evidence, the store, report writers and the command line touch the file system.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(evidence|store|report|cli)/' },
      to: { path: '^(node:)?fs(/promises)?$' },
    },
    {
      name: 'nothing-imports-cli',
      comment: 'The command line is the outermost layer.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'no-test-in-src',
      comment: 'The program must not depend on its tests or benchmarks.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Another language, and what compiles it.
    exclude: { path: '^src/json/simd/(assembly/|build\\.mjs$)' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
