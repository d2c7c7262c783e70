/** overread evaluate: what a network is worth on a labelled folder, before it is trusted on patients of one's own. */
import { resolve } from 'node:path'
import { readPoints } from '../../host/command-line/cli-points'
import { evaluateFolder, type EvaluationRequest } from '../../host/evaluation/evaluate'
import { reportFileName, writeReport } from '../../host/evaluation/write-report'
import { textOption, UsageError, type Command, type Invocation } from '../command'
import { entryUrl } from '../entry'
import { evaluationText } from '../evaluation-text'
import { plainText } from '../plain-text'
import { providerHelp, providerOption } from '../provider-option'

const defaultSeed = 20260101
const defaultResamples = 2000
const mostResamples = 100_000
/** Pictures between two lines of progress where no one watches a terminal. */
const progressEvery = 100

const layout = `The folder holds
  images/        DICOM files and PNG pictures (grey, 8 or 16 bits), at any depth; PNGs of one folder are one series in natural
                 order where the network reads a stack, each its own elsewhere
  labels.csv     for a network that scores pictures: file or sopInstanceUid, patient (optional), a column a label: 1, 0 or empty;
                 file is the path below images/
  masks/LABEL/   for a network that outlines: the path of the picture below images/ with .png in place of .dcm, .dicom, .ima or
                 .png, else behind it; of an object of several frames NAME-1.png and so on. 1 or 8 bits, above 0 is inside
  cases.csv      optional: file or sopInstanceUid, patient
Patients are told apart by the table, else by the header, else each series is one; intervals are drawn by patient. Names of files
go to standard error alone: the document and the report hold counts.`

export const evaluate: Command = {
  name: 'evaluate',
  summary: 'Measures a network on a labelled folder, with intervals by patient, and writes a report.',
  about: `${layout}\nResearch use only. Not a medical device; not for diagnosis or patient management.`,
  usage: 'evaluate --model ID[@VERSION] --data DIR [--report FILE] [--missing-mask empty] [--prevalence P] [--override]',
  options: {
    model: { type: 'string' },
    data: { type: 'string' },
    report: { type: 'string' },
    provider: { type: 'string' },
    override: { type: 'boolean' },
    'missing-mask': { type: 'string' },
    threshold: { type: 'string' },
    archive: { type: 'string' },
    prevalence: { type: 'string' },
    'assume-spacing': { type: 'string' },
    resamples: { type: 'string' },
    seed: { type: 'string' },
  },
  help: [
    ['--model ID', 'the network, as `overread models` names it'],
    ['--data DIR', 'the labelled folder'],
    ['--report FILE', 'where the report (HTML) goes; by default a new file in the present folder'],
    providerHelp,
    ['--override', 'run although the network refuses a picture; the report says so'],
    ['--missing-mask empty', 'a picture without a mask has nothing to outline; by default it is left out'],
    ['--archive DIR', 'at the operating points set for the site in this archive; by default those of the package'],
    ['--threshold T[,T...]', 'measure at these thresholds too (0 to 1), such as one thought of for a site'],
    ['--prevalence P', 'predictive values at this share of positive cases (0 to 1) too'],
    ['--assume-spacing ROW,COLUMN,SLICE', 'mm, for pictures that state none; the report says that it was assumed'],
    ['--resamples N', `of the bootstrap (default ${defaultResamples})`],
    ['--seed N', `of the bootstrap (default ${defaultSeed})`],
  ],
  positionals: [0, 0],
  async run(invocation) {
    const request = requestOf(invocation)
    const stop = new AbortController()
    // The second time it is not waited for what runs; temporary files go at the exit.
    const onSignal = () => (stop.signal.aborted ? process.exit(1) : stop.abort())
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
    try {
      const { evaluation, faulty } = await evaluateFolder(entryUrl(), {
        ...request,
        ...(await sitePoints(invocation, request)),
        signal: stop.signal,
      })
      const report = resolve(textOption(invocation, 'report') ?? reportFileName(evaluation))
      await writeReport(report, evaluation)
      return { document: { ...evaluation, report }, text: `${evaluationText(evaluation)}Report: ${plainText(report)}\n`, failed: faulty }
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    }
  },
}

function requestOf(invocation: Invocation): EvaluationRequest {
  const [modelId, folder] = [textOption(invocation, 'model'), textOption(invocation, 'data')]
  if (modelId === null || folder === null) throw new UsageError('--model and --data are needed')
  const missing = textOption(invocation, 'missing-mask')
  if (missing !== null && missing !== 'empty') throw new UsageError('--missing-mask is empty, or left out')
  return {
    modelId,
    archive: textOption(invocation, 'archive'),
    folder: resolve(folder),
    provider: providerOption(invocation),
    override: invocation.values.override === true,
    missingMask: missing ?? 'unlabelled',
    thresholds: thresholdsOption(invocation),
    prevalence: numberOption(invocation, 'prevalence', { least: 0, most: 1 }),
    assumedSpacing: spacingOption(invocation),
    seed: numberOption(invocation, 'seed', { least: 0, most: 2 ** 32 - 1, whole: true }) ?? defaultSeed,
    resamples: numberOption(invocation, 'resamples', { least: 1, most: mostResamples, whole: true }) ?? defaultResamples,
    onFailure: (file, { code, message }) => process.stderr.write(`${plainText(file)}: ${plainText(message)} (${code})\n`),
    onProgress: showProgress,
  }
}

/** Of the archive that is named. */
async function sitePoints(invocation: Invocation, { modelId }: EvaluationRequest): Promise<Pick<EvaluationRequest, 'operatingPoints'>> {
  const archive = textOption(invocation, 'archive')
  return archive === null ? {} : { operatingPoints: (await readPoints(entryUrl(), archive, modelId)).inForce }
}

interface Bounds {
  readonly least: number
  readonly most: number
  readonly whole?: boolean
}

function numberOption(invocation: Invocation, name: string, { least, most, whole = false }: Bounds): number | null {
  const text = textOption(invocation, name)
  if (text === null) return null
  const value = text.trim() === '' ? NaN : Number(text)
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
    throw new UsageError(`--${name} is a ${whole ? 'whole ' : ''}number from ${least} to ${most}`)
  return value
}

function spacingOption(invocation: Invocation): EvaluationRequest['assumedSpacing'] {
  const text = textOption(invocation, 'assume-spacing')
  if (text === null) return null
  const values = text.split(',').map(Number)
  if (values.length !== 3 || !values.every((value) => value > 0 && Number.isFinite(value)))
    throw new UsageError('--assume-spacing is three numbers above 0, in mm: between rows, columns and slices')
  return [values[0], values[1], values[2]]
}

function thresholdsOption(invocation: Invocation): number[] {
  const text = textOption(invocation, 'threshold')
  if (text === null) return []
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (!values.every((value) => value >= 0 && value <= 1)) throw new UsageError('--threshold is one or several numbers from 0 to 1')
  return [...new Set(values)]
}

function showProgress(files: number, allFiles: number, pictures: number): void {
  const line = `${pictures} pictures analysed, ${files} of ${allFiles} files done`
  if (process.stderr.isTTY) process.stderr.write(`\r${line}${files === allFiles ? '\n' : ''}`)
  else if (pictures > 0 && pictures % progressEvery === 0) process.stderr.write(`${line}\n`)
}
