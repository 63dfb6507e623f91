/** The import rules of docs/architecture.md, kept by machine. */
const to = (path) => ({ path });
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'core-imports-core-only',
      severity: 'error',
      from: { path: '^src/core', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src/(?!core)|tools|bench|migrations|test)' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      from: { path: '^src/core', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-has-no-framework',
      severity: 'error',
      comment:
        'zod parses manifests and protocol messages, meyda is a signal library, iso-3166 is a list of places: all pure',
      from: { path: '^src/core', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/(zod|meyda|iso-3166)/' },
    },
    {
      name: 'meyda-in-features-only',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/core/features' },
      to: to('node_modules/meyda/'),
    },
    {
      name: 'onnx-in-engine-only',
      severity: 'error',
      from: { path: '^(src|tools)', pathNot: '^src/engine' },
      to: to('node_modules/onnxruntime-node/'),
    },
    {
      name: 'engine-imports-core-only',
      severity: 'error',
      from: { path: '^src/engine', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/(?!core|engine)' },
    },
    {
      name: 'telephony-imports',
      severity: 'error',
      from: { path: '^src/telephony' },
      to: { path: '^src/(?!core|telephony|platform|engine/engine\\.port)' },
    },
    {
      name: 'modules-imports',
      severity: 'error',
      from: { path: '^src/modules', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/(?!core|modules|platform|engine/engine\\.port|engine/watchlist/watchlist\\.port)' },
    },
    {
      name: 'modules-use-exported-services',
      severity: 'error',
      comment:
        'from another room: its service, module, entity, guard or types, never its controller or gateway',
      from: { path: '^src/modules/([^/]+/[^/]+)/' },
      to: { path: '^src/modules/(?!$1/).*\\.(controller|gateway)\\.ts$' },
    },
    ...[
      ['installation', '(people|calls|fraud|rights)'],
      ['people', '(calls|fraud|rights)'],
      ['calls', '(fraud|rights)'],
      ['fraud', 'rights'],
    ].map(([quarter, above]) => ({
      name: `${quarter}-imports-no-quarter-above`,
      severity: 'error',
      comment: 'rights -> fraud -> calls -> people -> installation (docs/architecture.md)',
      from: { path: `^src/modules/${quarter}/` },
      to: { path: `^src/modules/${above}/` },
    })),
    {
      name: 'platform-imports-core-at-most',
      severity: 'error',
      from: { path: '^src/platform' },
      to: { path: '^src/(?!core|platform)' },
    },
    {
      name: 'web-imports-nothing-of-the-server',
      severity: 'error',
      from: { path: '^src/web/.*/browser' },
      to: { path: '^src/(?!web)|node_modules' },
    },
    {
      name: 'migrations-import-no-living-code',
      severity: 'error',
      comment: 'what ran once against somebody’s database must never run differently',
      from: { path: '^migrations' },
      to: { path: '^(src|tools|bench|test)' },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(src|tools)', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
    exclude: { path: '^dist' },
  },
};
