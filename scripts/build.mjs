// Builds out/: the window with Vite, everything else with Rolldown.
import { builtinModules } from 'node:module'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { say } from './setup/console.mjs'
import { out, root } from './setup/paths.mjs'
import { sourceStamp, writeBuildStamp } from './setup/build-stamp.mjs'

/** Never bundled: natives, WebAssembly beside its script, and what loads its own files. */
const unbundled = [
  'electron',
  'libsql',
  'onnxruntime-node',
  /^@tensorflow\//,
  /^@cornerstonejs\/codec-/,
  'dcmjs-codecs',
  'pino',
  ...builtinModules.flatMap((name) => [name, `node:${name}`]),
]

const entries = ['engine-host', 'archive-thread', 'worker', 'compute']

async function bundle(rolldown, input, output) {
  const modules = {}
  const built = await rolldown({
    input,
    cwd: root,
    platform: 'node',
    external: unbundled,
    logLevel: 'warn',
    tsconfig: join(root, 'tsconfig.base.json'),
    plugins: [
      {
        name: 'module-list',
        generateBundle(_options, chunks) {
          for (const chunk of Object.values(chunks)) {
            if (chunk.type === 'chunk')
              modules[chunk.fileName] = { modules: chunk.moduleIds, imports: [...chunk.imports, ...chunk.dynamicImports] }
          }
        },
      },
    ],
  })
  await built.write({ sourcemap: true, ...output })
  await built.close()
  return modules
}

export async function build() {
  const stamp = sourceStamp()
  say('building')
  const { rolldown } = await import('rolldown')
  const vite = await import('vite')
  rmSync(join(out, '.stamp'), { force: true })
  rmSync(join(out, 'node'), { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const nodeInput = Object.fromEntries(entries.map((name) => [name, `main/host/${name}.ts`]))
  const [modules] = await Promise.all([
    bundle(
      rolldown,
      { ...nodeInput, cli: 'main/cli/cli.ts' },
      { dir: join(out, 'node'), format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    ),
    bundle(rolldown, 'main/electron/main.ts', { file: join(out, 'main.cjs'), format: 'cjs' }),
    bundle(rolldown, 'main/electron/preload.ts', { file: join(out, 'preload.cjs'), format: 'cjs' }),
  ])
  writeFileSync(join(out, 'modules.json'), JSON.stringify(modules))
  await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  writeBuildStamp(stamp)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build()
