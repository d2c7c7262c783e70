/** Explains a score of one frame of a file, without an archive. The frame is analysed first: what the network refuses is not explained. */
import type { FrameReference, ProviderName } from '../../../contracts/analysis'
import { OverreadError } from '../../../contracts/errors'
import type { Explanation, ExplanationMethod } from '../../../contracts/explanation'
import type { PictureModel } from '../../../contracts/model-package'
import { findNetwork, readStacks, withFileEngine } from '../analysis/analyze-files'
import { analyzeSeries } from '../analysis/analyze-series'
import { heatmapFileName, writeHeatmap } from '../analysis/overlay-files'
import { prepareFrame } from '../layers/prepare-picture'
import { installedModels } from '../command-line/cli-models'
import { explainPicture } from './explain-picture'

export interface FileToExplain {
  readonly path: string
  readonly modelId: string
  /** Whose added networks and choices hold; null: that of the app, where it is there. */
  readonly archive: string | null
  /** From 1. */
  readonly frame: number
  /** Null: the first that has a score. */
  readonly label: string | null
  readonly method: ExplanationMethod | null
  readonly provider: ProviderName | null
  readonly override: boolean
  /** Where the map goes as `.npy`; null: nowhere. */
  readonly out: string | null
}

export interface ExplainedFile {
  readonly explanation: Explanation
  /** What of the picture speaks against the network, and was overridden. */
  readonly contradictions: readonly string[]
  /** Name of the map's file in `out`. */
  readonly heatmap: string | null
}

/**
 * `entry`: `import.meta.url` of the command line's own file.
 *
 * @throws OverreadError 'model.missing', 'file.unreadable', 'inference.no-image', 'pixels.frame', why the network refuses the picture, and what
 * `explainPicture` throws.
 */
export async function explainFile(entry: string, wanted: FileToExplain): Promise<ExplainedFile> {
  const network = findNetwork(await installedModels(entry, wanted.archive), wanted.modelId)
  const label = wanted.label ?? firstLabel(network.model.package)
  const { method, provider, override, out } = wanted
  return withFileEngine(entry, async ({ workers, compute }) => {
    const [stack] = await readStacks(workers, [wanted.path], { onFailure: fail })
    if (!stack) throw new OverreadError('inference.no-image')
    const slice = stack.slices.find(({ frameIndex }) => frameIndex === wanted.frame - 1)
    if (!slice) throw new OverreadError('pixels.frame', String(wanted.frame))
    const reference: FrameReference = { sopInstanceUid: slice.sopInstanceUid, frameIndex: slice.frameIndex }
    const input = { ...stack, ...network, requested: [reference], override, provider }
    const { images, gate } = await analyzeSeries(input, { workers, compute })
    const refused = images[0]?.refused
    if (refused) throw new OverreadError(refused.code, refused.message)
    const picture = await prepareFrame(network.model, stack, reference, { workers, compute })
    const subject = { network: network.model, picture, reference, label, method, provider }
    const { explanation, values } = await explainPicture(subject, { workers, compute })
    const heatmap = out === null ? null : heatmapFileName(wanted.frame, label)
    if (out !== null && heatmap !== null) writeHeatmap(out, heatmap, values, explanation.rows, explanation.columns)
    return { explanation, contradictions: gate.contradictions.map(({ message }) => message), heatmap }
  })
}

function fail(file: string, { code }: { readonly code: OverreadError['code'] }): never {
  throw new OverreadError(code, file)
}

function firstLabel({ outputs }: PictureModel): string {
  const scores = outputs.find(({ kind }) => kind === 'probabilities')
  if (!scores) throw new OverreadError('explanation.none')
  return scores.labels[0].name
}
