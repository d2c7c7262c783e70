/** Who may import whom: the table of ARCHITECTURE.md. Each room lists what it may reach; all else is an error. */
const rooms = {
  contracts: ['contracts'],
  'main/base': ['main/base', 'contracts'],
  'main/dicom': ['main/dicom', 'main/base', 'contracts'],
  'main/geometry': ['main/geometry', 'main/dicom', 'main/base', 'contracts'],
  'main/pixels': ['main/pixels', 'main/dicom', 'main/base', 'contracts'],
  'main/archive': ['main/archive', 'main/dicom', 'main/base', 'contracts'],
  'main/networks': ['main/networks', 'main/base', 'contracts'],
  'main/inference': ['main/inference', 'main/geometry', 'main/pixels', 'main/networks', 'main/base', 'contracts'],
  'main/evaluation': ['main/evaluation', 'main/base', 'contracts'],
  'main/review': ['main/review', 'main/archive', 'main/geometry', 'main/base', 'contracts'],
  'main/interchange': ['main/interchange', 'main/dicom', 'main/geometry', 'main/archive', 'main/review', 'main/base', 'contracts'],
  'main/host': ['main/(?!cli/|electron/)', 'contracts'],
  'main/cli': ['main/cli', 'main/host', 'contracts'],
  'main/electron': ['main/electron', 'main/host/(control|core-dump|default-archive)', 'main/cli', 'contracts'],
  renderer: ['renderer', 'contracts', 'main/geometry', 'main/pixels/lut'],
}

/** Rooms that the window imports must not reach past themselves. */
const pure = { 'main/geometry': ['main/geometry', 'contracts'], 'main/pixels/lut': ['main/pixels/lut', 'contracts'] }

const fence = (table, kind) =>
  Object.entries(table).map(([room, allowed]) => ({
    name: `${kind}:${room}`,
    severity: 'error',
    from: { path: `^${room}/` },
    to: { path: '^(contracts|main|renderer|tests|scripts)/', pathNot: allowed.map((path) => `^${path}`) },
  }))

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    ...fence(rooms, 'room'),
    ...fence(pure, 'pure'),
    {
      name: 'contracts:zod-alone',
      severity: 'error',
      from: { path: '^contracts/' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'electron-alone',
      severity: 'error',
      from: { pathNot: '^(main/electron|tests|scripts)/' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'pure:no-node',
      severity: 'error',
      from: { path: '^(main/geometry|main/pixels/lut|renderer|contracts)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'database:archive-alone',
      severity: 'error',
      from: { pathNot: '^(main/archive|tests)/' },
      to: { path: 'node_modules/libsql/' },
    },
    {
      name: 'runtime:compute-alone',
      severity: 'error',
      from: { pathNot: '^(main/inference|main/host/compute|tests)' },
      to: { path: 'node_modules/(onnxruntime-node|@tensorflow)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: { path: '^(contracts|main|renderer)/' }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)out/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'],
    },
  },
}
