/** overread analyze: a network over files and folders, without an archive. */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { unlabelledNote, type ImageResult } from '../../../contracts/analysis'
import { thresholdWords } from '../../../contracts/operating-points'
import { analyzeFiles } from '../../host/analysis/analyze-files'
import type { AnalysedImage, Analysis } from '../../host/analysis/analysis-input'
import { textOption, UsageError, type Command, type Invocation } from '../command'
import { entryUrl } from '../entry'
import { packageLines } from '../package-lines'
import { plainText } from '../plain-text'
import { providerHelp, providerOption } from '../provider-option'
import {
  heatmapFileName,
  labelMapFileName,
  maskFileName,
  possibleMaskFileName,
  writeHeatmap,
  writeLabelMap,
  writeMask,
} from '../../host/analysis/overlay-files'

/** Names of the files of one picture, by label. */
interface WrittenFiles {
  readonly masks: Record<string, string>
  readonly possibleMasks: Record<string, string>
  readonly heatmaps: Record<string, string>
  labelMap: string | null
}

export const analyze: Command = {
  name: 'analyze',
  summary:
    'Runs a network over files and folders. No archive is needed.\nResearch use only. Not a medical device; not for diagnosis or patient management.',
  usage: 'analyze PATH... --model ID[@VERSION] [--out DIR] [--provider NAME] [--override] [--archive DIR]',
  options: {
    model: { type: 'string' },
    out: { type: 'string' },
    provider: { type: 'string' },
    override: { type: 'boolean' },
    archive: { type: 'string' },
  },
  help: [
    ['--model ID', 'the network, as `overread models` names it'],
    ['--out DIR', 'where masks and label maps (8-bit PNG) and heatmaps (32-bit float .npy) go'],
    providerHelp,
    ['--override', 'run although the network refuses the picture; the result says so'],
    ['--archive DIR', 'whose added networks hold (default: that of the app, where it is there)'],
  ],
  positionals: [1, Infinity],
  async run(invocation) {
    const modelId = textOption(invocation, 'model')
    if (modelId === null) throw new UsageError('--model is needed')
    const out = await outputFolder(invocation)
    const written = new Map<string, WrittenFiles>()
    let pictures = 0
    let unreadable = 0
    const analyses = await analyzeFiles(entryUrl(), {
      paths: invocation.positionals.map((path) => resolve(path)),
      modelId,
      archive: textOption(invocation, 'archive'),
      provider: providerOption(invocation),
      override: invocation.values.override === true,
      onImage: (image) => {
        if (out !== null) written.set(keyOf(image.result), writeFiles(out, ++pictures, image))
      },
      onFailure: (file, { code, message }) => {
        unreadable++
        process.stderr.write(`${plainText(file)}: ${plainText(message)} (${code})\n`)
      },
    })
    const results = analyses.map((analysis) => resultDocument(analysis, written))
    return { document: { results }, text: textOf(analyses), failed: unreadable > 0 || analyses.some(isIncomplete) }
  },
}

const keyOf = ({ sopInstanceUid, frameIndex }: Pick<ImageResult, 'sopInstanceUid' | 'frameIndex'>) => `${sopInstanceUid}/${frameIndex}`

/** A network that declines a picture, or a blank one, is an answer; one that could not be read, or a run that broke off, is a failure. */
function isIncomplete({ incomplete, images }: Analysis): boolean {
  const failed = (code: string) => !code.startsWith('gate.') && code !== 'inference.constant'
  return incomplete !== null || images.some(({ refused }) => refused !== null && failed(refused.code))
}

async function outputFolder(invocation: Invocation): Promise<string | null> {
  const out = textOption(invocation, 'out')
  if (out === null) return null
  await mkdir(out, { recursive: true })
  return resolve(out)
}

function writeFiles(out: string, number: number, { rows, columns, masks, possibleMasks, heatmaps, labelMap }: AnalysedImage): WrittenFiles {
  const files: WrittenFiles = { masks: {}, possibleMasks: {}, heatmaps: {}, labelMap: null }
  for (const [label, mask] of Object.entries(masks)) {
    files.masks[label] = maskFileName(number, label)
    writeMask(out, files.masks[label], mask, rows, columns)
  }
  for (const [label, mask] of Object.entries(possibleMasks)) {
    files.possibleMasks[label] = possibleMaskFileName(number, label)
    writeMask(out, files.possibleMasks[label], mask, rows, columns)
  }
  for (const [label, values] of Object.entries(heatmaps)) {
    files.heatmaps[label] = heatmapFileName(number, label)
    writeHeatmap(out, files.heatmaps[label], values, rows, columns)
  }
  if (labelMap) {
    files.labelMap = labelMapFileName(number)
    writeLabelMap(out, files.labelMap, labelMap, rows, columns)
  }
  return files
}

function resultDocument(analysis: Analysis, written: ReadonlyMap<string, WrittenFiles>) {
  const {
    model,
    signature,
    provider,
    providersFailed,
    seriesInstanceUid,
    stack,
    timing,
    overridden,
    gate,
    incomplete,
    images,
    findings,
    structures,
    unlabelled,
    notes,
  } = analysis
  return {
    model: { id: model.id, version: model.version, sha256: model.sha256 },
    signature,
    provider,
    providersFailed,
    seriesInstanceUid,
    stack,
    images: images.map((image) => {
      const files = written.get(keyOf(image))
      return {
        sopInstanceUid: image.sopInstanceUid,
        frame: image.frameIndex + 1,
        probabilities: image.probabilities,
        attributes: image.attributes,
        intervals: image.intervals,
        masks: mapValues(image.maskPixels, (pixels, label) => ({
          pixels,
          file: files?.masks[label] ?? null,
          possibleFile: files?.possibleMasks[label] ?? null,
        })),
        heatmaps: mapValues(image.heatmapRange, ([min, max], label) => ({ file: files?.heatmaps[label] ?? null, min, max })),
        labelMap: files?.labelMap ?? null,
        screening: image.screening,
        refused: image.refused,
      }
    }),
    findings,
    structures,
    unlabelled,
    notes,
    overridden,
    contradictions: gate.contradictions,
    screening: analysis.screening,
    unchecked: gate.unchecked,
    incomplete,
    timing,
    computePeakBytes: analysis.computePeakBytes,
    notice: 'Research use only. Not a medical device; not for diagnosis or patient management.',
  }
}

function mapValues<V, R>(record: Readonly<Record<string, V>>, change: (value: V, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

/** In sentences. */
function caveatsOf(analysis: Analysis): string[] {
  const { overridden, incomplete, notes } = analysis
  const unlabelled = unlabelledNote(analysis)
  return [
    ...(overridden ? ['Run although the network refused.'] : []),
    ...(incomplete ? [incomplete.message] : []),
    ...(unlabelled ? [`${unlabelled}.`] : []),
    ...notes,
  ]
}

function textOf(analyses: readonly Analysis[]): string {
  const lines = analyses.flatMap((analysis) => {
    const { model, signature, stack, provider, images, findings, structures, gate } = analysis
    return [
      `${plainText(model.title)} ${model.version}, ${provider}: ${images.length} pictures${stack === '' ? '' : ` (${plainText(stack)})`}`,
      ...packageLines(signature).map((line) => `  ${line}`),
      ...gate.contradictions.map(({ message }) => `  ${plainText(message)}`),
      ...caveatsOf(analysis).map((sentence) => `  ${plainText(sentence)}`),
      ...findings.map(({ title, score, interval, operatingPoint, above, firstSlice, lastSlice }) => {
        const place = firstSlice === lastSlice ? `slice ${firstSlice}` : `slices ${firstSlice} to ${lastSlice}`
        const spread = interval ? `, ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)} under small changes` : ''
        return `  ${plainText(title)}: score ${score.toFixed(2)}${spread} (operating point ${thresholdWords(operatingPoint)}, ${above ? 'above' : 'below'}), ${place}`
      }),
      ...structures.map(
        ({ title, volumeMl, firstSlice, lastSlice }) =>
          `  ${plainText(title)}: ${volumeMl.toFixed(1)} ml, slices ${firstSlice} to ${lastSlice}`,
      ),
    ]
  })
  return [...lines, 'Research use only. Not a medical device; not for diagnosis or patient management.', ''].join('\n')
}
