/** The built engine on an archive of its own, packages made for it, and what it says of them. For the length of a test file. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { PictureModel } from '../../../contracts/model-package'
import type { Adding } from '../../../contracts/model-store'
import type { EngineEvent } from '../../../contracts/protocol'
import { computeStarter } from '../../../main/host/compute/start-compute'
import { Engine } from '../../../main/host/engine'
import { hostPaths } from '../../../main/host/paths'
import type { PackageOrigin } from '../../../main/host/models/model-store'
import { buildZip, type ZipSample } from '../../samples/build-zip'
import { identityGraph, identityPackage, writePackage } from '../inference/tiny-packages'
import { computeEntry } from './entry'

export const side = 32
type Changes = Parameters<typeof identityPackage>[1]

export class StartedStore {
  readonly root = mkdtempSync(join(tmpdir(), 'overread-store-'))
  readonly archive = join(this.root, 'archive')
  readonly bundled = join(this.root, 'bundled')
  readonly events: EngineEvent[] = []
  engine!: Engine
  #made = 0

  async open(): Promise<void> {
    mkdirSync(this.bundled, { recursive: true })
    const paths = { ...hostPaths(computeEntry), models: [this.bundled] }
    this.engine = await Engine.open({ archiveFolder: this.archive, paths, startCompute: computeStarter(paths.compute) })
    this.engine.subscribe((event) => this.events.push(event))
  }

  async reopen(): Promise<void> {
    await this.engine.close()
    await this.open()
  }

  newPath(name = 'package'): string {
    return join(this.root, `${name}${this.#made++}`)
  }

  /** Of the network that gives back its input; `nodes` above 1: the same of other weights. */
  write(changes: Changes = {}, nodes = 1, folder = this.newPath()): string {
    const graph = identityGraph(side)
    const names = ['image', ...Array.from({ length: nodes - 1 }, (_, index) => `between${index}`), 'map']
    const chain = names.slice(1).map((name, index) => ({ op: 'Identity', inputs: [names[index]], outputs: [name] }))
    writePackage(folder, identityPackage(side, changes), { ...graph, nodes: chain }, (input) => ({
      map: { shape: [1, 1, side, side], values: input },
    }))
    return folder
  }

  zip(entries: readonly ZipSample[]): string {
    const path = `${this.newPath('file')}.zip`
    writeFileSync(path, buildZip(entries))
    return path
  }

  add(origin: PackageOrigin | string, onProgress?: (adding: Adding) => void): Promise<Adding> {
    return this.engine.store.add(typeof origin === 'string' ? { path: origin } : origin, onProgress)
  }

  /** Every version, as "tiny 1.0.0", with a star where it is in use. */
  async versions(): Promise<string[]> {
    return (await this.engine.store.catalogue()).map(({ id, version, active }) => `${id} ${version}${active ? ' *' : ''}`)
  }

  async entry(version: string) {
    const found = (await this.engine.store.catalogue()).find((one) => one.version === version)
    if (!found) throw new Error(`no version ${version}`)
    return found
  }

  /** What lies in the archive besides what is listed. */
  leftovers(): string[] {
    const folder = (name: string) => (existsSync(join(this.archive, name)) ? readdirSync(join(this.archive, name)) : [])
    return folder('tmp')
  }

  async close(): Promise<void> {
    await this.engine.close()
    rmSync(this.root, { recursive: true, force: true })
  }
}

export function startStore(): StartedStore {
  const store = new StartedStore()
  beforeAll(() => store.open())
  afterAll(() => store.close())
  return store
}

export const describedIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as PictureModel
