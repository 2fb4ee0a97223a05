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
      from: {
        orphan: true,
        path: '^src/',
        pathNot: [
          '^src/cli/main\\.ts$',
          '^src/kit/start\\.mjs$',
          '^src/(?:report/html|cli/check-page)/client/',
        ],
      },
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
      name: 'policy-module-runs-anywhere',
      comment:
        'trustsieve/policy runs in browsers: nothing it reaches may be of Node.js, of a package, or of a stage that reads or keeps evidence.',
      severity: 'error',
      from: { path: '^src/api/policy\\.ts$' },
      to: {
        path: '^(?!src/)|^src/(?:evidence|json|store|history|manifest|cli|report/(?!shared/))',
        reachable: true,
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
      comment:
        'Only evidence, the store, report writers, the command line and the kit touch the file system.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(evidence|store|report|cli|kit)/' },
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
      name: 'nothing-imports-kit',
      comment: 'What packs the program is no part of it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/kit/' },
      to: { path: '^src/kit/' },
    },
    {
      name: 'kit-knows-the-edges-only',
      comment:
        'The kit runs the built program; of its sources it takes how files are hashed, written and signed.',
      severity: 'error',
      from: { path: '^src/kit/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(?:kit/|errors\\.ts$|evidence/hash-file\\.ts$|manifest/signature\\.ts$|report/(?:write-file|unfinished)\\.ts$)',
      },
    },
    {
      name: 'only-cli-imports-api',
      comment:
        'The library is an outer layer, too: what several stages need belongs into the earliest of them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:api|cli)/' },
      to: { path: '^src/api/' },
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
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
