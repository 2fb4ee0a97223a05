/** Below every stage: other people's text, the nouns all stages share, the codes of errors. */
const GROUND = 'text|model';

/**
 * What each folder may import beside itself, the ground and `errors.ts`. Data flows
 * evidence -> json -> reading (formats) -> audit -> store -> history -> report; a folder knows only what lies upstream.
 */
const WALLS = {
  text: '',
  model: '',
  iam: '',
  gsl: '',
  exposure: 'iam',
  impact: 'iam',
  rules: 'exposure|gsl|iam',
  fix: 'exposure|iam|rules',
  evidence: '',
  json: 'evidence',
  formats: 'evidence|json|iam',
  reading: 'evidence|json|formats',
  audit: 'evidence|json|formats|reading|exposure|iam|gsl|rules',
  store: 'evidence|formats|audit|exposure|iam',
  history: 'store|exposure|impact|iam|rules',
  manifest: 'evidence|json',
};

/**
 * What each folder of `history` may import beside itself and the files at its root, in the order of questions: what
 * stands, what guardrails make of it, what is doubtful about it, what became of it, what a report tells.
 */
const HISTORY_WALLS = {
  look: '',
  guardrails: 'look',
  exceptions: '',
  completeness: 'look|guardrails',
  compare: 'look|guardrails|exceptions|completeness',
  trend: 'look|guardrails|completeness|compare',
  report: 'look|guardrails|exceptions|completeness|compare|trend',
};

const historyWall = ([folder, earlier]) => ({
  name: `wall-history-${folder}`,
  comment: `history/${folder} may know ${earlier === '' ? 'no other folder' : earlier.replaceAll('|', ', ')}; move what both sides need to the earlier one.`,
  severity: 'error',
  from: { path: `^src/history/${folder}/` },
  to: {
    path: '^src/history/[^/]+/',
    pathNot: `^src/history/(?:${[folder, earlier].filter((part) => part !== '').join('|')})/`,
  },
});

const wall = ([folder, upstream]) => {
  const ground = folder === 'text' ? '' : folder === 'model' ? 'text' : GROUND;
  const folders = [folder, ground, upstream].filter((part) => part !== '').join('|');
  return {
    name: `wall-${folder}`,
    comment: `${folder} may know ${folders.replaceAll('|', ', ')} and nothing else; move what both sides need upstream.`,
    severity: 'error',
    from: { path: `^src/${folder}/` },
    to: {
      path: '^src/',
      pathNot: `^src/(?:(?:${folders})/${folder === 'text' ? '' : '|errors\\.ts$'})`,
    },
  };
};

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
    ...Object.entries(WALLS).map(wall),
    ...Object.entries(HISTORY_WALLS).map(historyWall),
    {
      name: 'wall-history-root',
      comment: 'What all folders of history share knows none of them.',
      severity: 'error',
      from: { path: '^src/history/[^/]+\\.ts$' },
      to: { path: '^src/history/[^/]+/' },
    },
    {
      name: 'pure-without-node',
      comment: 'What decides is pure, so that it runs in workers, tests, benchmarks and browsers alike.',
      severity: 'error',
      from: { path: '^src/(?:text|model|iam|gsl|rules|exposure|impact|fix)/' },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'oracle-apart',
      comment:
        'The evaluator that checks every witness shares no code with the conditions it checks: only JSON, ARNs and the reading of values.',
      severity: 'error',
      from: { path: '^src/iam/oracle/' },
      to: { path: '^src/', pathNot: '^src/(?:iam/(?:oracle/|json\\.ts$|values\\.ts$)|model/arn\\.ts$)' },
    },
    {
      name: 'oracle-not-from-conditions',
      comment: 'Nothing of the language may be written in terms of its own check.',
      severity: 'error',
      from: { path: '^src/iam/', pathNot: '^src/iam/oracle/' },
      to: { path: '^src/iam/oracle/' },
    },
    {
      name: 'formats-apart',
      comment: 'An export format knows no other: what two need stands in formats/shared.',
      severity: 'error',
      from: { path: '^src/formats/(?:policies/)?([^/]+)\\.ts$', pathNot: '^src/formats/index\\.ts$' },
      to: { path: '^src/formats/(?:policies/)?[^/]+\\.ts$', pathNot: '^src/formats/policies/rows\\.ts$' },
    },
    {
      name: 'formats-shared-below-formats',
      comment:
        'What formats share knows none of them, nor what one of them is made of; and a part knows no format.',
      severity: 'error',
      from: { path: '^src/formats/(shared|parts)/' },
      to: { path: '^src/formats/(?:[^/]+\\.ts$|parts/|policies/)', pathNot: '^src/formats/$1/' },
    },
    {
      name: 'store-through-its-index',
      comment: 'What other folders may use of the store stands in src/store/index.ts.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/' },
      to: { path: '^src/store/', pathNot: '^src/store/index\\.ts$' },
    },
    {
      name: 'store-schema-below',
      comment: 'The schema, and what it says in SQL, knows neither who writes nor who reads.',
      severity: 'error',
      from: { path: '^src/store/schema/' },
      to: { path: '^src/store/', pathNot: '^src/store/schema/' },
    },
    {
      name: 'store-read-apart',
      comment: 'Reading the store takes nothing of what writes it.',
      severity: 'error',
      from: { path: '^src/store/read/' },
      to: { path: '^src/store/(?:write|fold)/' },
    },
    {
      name: 'report-renders-only',
      comment:
        'A report is a pure rendering of a report source; of other stages it may know types, how commands are written, and how JSON is read.',
      severity: 'error',
      from: { path: '^src/report/', pathNot: '^src/report/html/client/' },
      to: {
        path: '^src/',
        pathNot: '^src/(?:report/|text/|model/|errors\\.ts$|fix/commands\\.ts$|iam/json\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'report-formats-apart',
      comment:
        'A report format knows no other, and no page of diff or trend: what two need stands in report/shared.',
      severity: 'error',
      from: { path: '^src/report/(csv|html|json|markdown|ocsf|parquet|sarif|xlsx)/' },
      to: {
        path: '^src/report/(?:csv|html|json|markdown|ocsf|parquet|sarif|xlsx|history)/',
        pathNot: '^src/report/$1/',
      },
    },
    {
      name: 'report-shared-below-formats',
      comment: 'What reports share, and how their files are written, knows none of them.',
      severity: 'error',
      from: { path: '^src/report/(shared|files)/' },
      to: { path: '^src/report/', pathNot: '^src/report/$1/' },
    },
    {
      name: 'html-shared-below-page',
      comment: 'What the page and its script share knows neither.',
      severity: 'error',
      from: { path: '^src/report/html/shared/' },
      to: { path: '^src/report/html/', pathNot: '^src/report/html/shared/' },
    },
    {
      name: 'page-below-pictures',
      comment: 'The frame of a page knows nothing of what stands in it.',
      severity: 'error',
      from: { path: '^src/report/html/page/' },
      to: { path: '^src/report/html/', pathNot: '^src/report/html/(?:shared|page)/' },
    },
    {
      name: 'pictures-below-sections',
      comment: 'A picture knows nothing of the section it stands in.',
      severity: 'error',
      from: { path: '^src/report/html/pictures/' },
      to: { path: '^src/report/html/', pathNot: '^src/report/html/(?:shared|page|pictures)/' },
    },
    {
      name: 'sections-below-report',
      comment: 'A section knows nothing of the report that it is part of.',
      severity: 'error',
      from: { path: '^src/report/html/sections/' },
      to: { path: '^src/report/html/', pathNot: '^src/report/html/(?:shared|page|pictures|sections)/' },
    },
    {
      name: 'client-apart-from-page',
      comment:
        'The script of the page and what writes the page share what stands in html/shared and report/shared, and nothing else.',
      severity: 'error',
      from: { path: '^src/report/html/client/' },
      to: { path: '^src/report/html/', pathNot: '^src/report/html/(?:shared|client)/' },
    },
    {
      name: 'page-apart-from-client',
      comment: 'What writes the page cannot run in a browser, and its script nowhere else.',
      severity: 'error',
      from: { path: '^src/report/', pathNot: '^src/report/html/client/' },
      to: { path: '^src/report/html/client/' },
    },
    {
      name: 'page-proposes-by-itself',
      comment:
        'The page makes its proposals by the code behind `fix`; else it knows only what a report knows.',
      severity: 'error',
      from: { path: '^src/report/html/client/' },
      to: {
        path: '^src/',
        pathNot: '^src/(?:report/|text/|model/|fix/|iam/json\\.ts$)',
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
        path: '^(?!src/)|^src/(?:evidence|json|formats/(?!shared/)|reading|store|history|manifest|cli|report/(?!shared/))',
        reachable: true,
      },
    },
    {
      name: 'sqlite-in-store-only',
      comment:
        'SQLite is an implementation detail of the store. The one exception reads tables out of databases that are evidence.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(?:store/|evidence/tables/sqlite\\.ts$)' },
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
      name: 'commands-apart',
      comment: 'A command imports no other; what two of them need stands in input, output, scan or fix.',
      severity: 'error',
      from: { path: '^src/cli/(?:commands|input|output|scan|fix|check-page|man)/' },
      to: { path: '^src/cli/commands/' },
    },
    {
      name: 'command-parts-apart',
      comment:
        'What all commands share (input, output) knows none of the parts that one command is made of, and these not each other.',
      severity: 'error',
      from: { path: '^src/cli/(input|output|scan|fix|check-page|man)/' },
      to: { path: '^src/cli/(?:scan|fix|check-page|man)/', pathNot: '^src/cli/$1/' },
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
          '^src/(?:kit/|errors\\.ts$|evidence/hash-file\\.ts$|manifest/signature\\.ts$|report/files/(?:write-file|unfinished|zip)\\.ts$)',
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
    exclude: { path: '^src/json/fast/simd/(assembly/|build\\.mjs$)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
