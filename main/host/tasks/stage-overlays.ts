/** Worker task: a picture's maps and masks in the form the archive keeps, deflated and synced in its `tmp/`. */
import type { IncomingOverlay } from '../../archive/overlays'
import { discardStaged, stageOverlay } from '../../archive/staging'
import { quantise } from '../../inference/quantised'
import type { TaskResult } from './task-result'

export interface StageOverlaysInput {
  readonly archiveFolder: string
  readonly rows: number
  readonly columns: number
  /** By label: 0 to 1. */
  readonly heatmaps: Readonly<Record<string, Float32Array<ArrayBuffer>>>
  /** By label: 0 or 1. */
  readonly masks: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
  readonly possibleMasks: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
  readonly labelMap: Uint8Array<ArrayBuffer> | null
}

export async function stageOverlaysTask({
  archiveFolder,
  rows,
  columns,
  heatmaps,
  masks,
  possibleMasks,
  labelMap,
}: StageOverlaysInput): Promise<TaskResult<IncomingOverlay[]>> {
  const value: IncomingOverlay[] = []
  const stage = (kind: IncomingOverlay['kind'], label: string, bytes: Uint8Array) =>
    value.push({ label, kind, rows, columns, ...stageOverlay(bytes, archiveFolder) })
  try {
    for (const [label, values] of Object.entries(heatmaps)) stage('heatmap', label, quantised(values))
    for (const [label, mask] of Object.entries(masks)) stage('mask', label, mask)
    for (const [label, mask] of Object.entries(possibleMasks)) stage('possible-mask', label, mask)
    if (labelMap) stage('label-map', '', labelMap)
    return { value }
  } catch (error) {
    discardStaged(
      archiveFolder,
      value.map(({ temporary }) => temporary),
    )
    throw error
  }
}

/** uint16 little endian, 0 to 65535 for 0 to 1. */
function quantised(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < values.length; index++) view.setUint16(index * 2, quantise(values[index]), true)
  return bytes
}
