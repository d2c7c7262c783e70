/** overread explain: why a network scores a picture as it does, without an archive. */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { distrustOf, explanationMethods, methodWords, type Explanation, type ExplanationMethod } from '../../../contracts/explanation'
import { explainFile } from '../../host/explanation/explain-file'
import { textOption, UsageError, type Command, type Invocation } from '../command'
import { entryUrl } from '../entry'
import { packageLines } from '../package-lines'
import { plainText } from '../plain-text'
import { providerHelp, providerOption } from '../provider-option'

const notice = 'Research use only. Not a medical device; not for diagnosis or patient management.'

export const explain: Command = {
  name: 'explain',
  summary: `Shows where in a picture a network's score comes from, and whether that can be trusted. No archive is needed.\n${notice}`,
  about: [
    'cam        exact: the score at each place, where the network takes the mean over places',
    'score-cam  by masking: how far what the network has seen raises the score',
    'occlusion  by covering: how far a patch of nothing lowers the score',
    'All are on a scale of 0 to 1 that is the same for every picture.',
  ].join('\n'),
  usage:
    'explain FILE --model ID[@VERSION] [--label NAME] [--method auto|cam|score-cam|occlusion] [--frame N] [--out DIR] [--provider NAME] [--override] [--archive DIR]',
  options: {
    model: { type: 'string' },
    label: { type: 'string' },
    method: { type: 'string' },
    frame: { type: 'string' },
    out: { type: 'string' },
    provider: { type: 'string' },
    override: { type: 'boolean' },
    archive: { type: 'string' },
  },
  help: [
    ['--model ID', 'the network, as `overread models` names it'],
    ['--label NAME', 'the score to explain; the first unless named'],
    ['--method NAME', 'auto takes the first of the three that holds'],
    ['--frame N', 'the frame, from 1'],
    ['--out DIR', 'where the map (32-bit float .npy) goes'],
    providerHelp,
    ['--override', 'explain although the network refuses the picture; the answer says so'],
    ['--archive DIR', 'whose added networks hold (default: that of the app, where it is there)'],
  ],
  positionals: [1, 1],
  async run(invocation) {
    const modelId = textOption(invocation, 'model')
    if (modelId === null) throw new UsageError('--model is needed')
    const out = textOption(invocation, 'out')
    const wanted = {
      path: resolve(invocation.positionals[0]),
      modelId,
      archive: textOption(invocation, 'archive'),
      frame: frameOption(invocation),
      label: textOption(invocation, 'label'),
      method: methodOption(invocation),
      provider: providerOption(invocation),
      override: invocation.values.override === true,
      out: out === null ? null : resolve(out),
    }
    if (wanted.out !== null) await mkdir(wanted.out, { recursive: true })
    const { explanation, contradictions, heatmap } = await explainFile(entryUrl(), wanted)
    const { frameIndex, ...facts } = explanation
    const { how, unit } = methodWords[explanation.method]
    const distrust = distrustOf(explanation.trust)
    const document = { ...facts, frame: frameIndex + 1, how, unit, trusted: distrust === null, distrust, heatmap, contradictions, notice }
    return { document, text: textOf(explanation, distrust), failed: false }
  },
}

function textOf(explanation: Explanation, distrust: string | null): string {
  const { title, signature, score, method, greatest, passes, trust } = explanation
  const { how, unit } = methodWords[method]
  const { fall, elsewhereMean, elsewhereRange } = trust.deletion
  const moved = (by: number) => `${by > 0 ? '-' : '+'}${Math.abs(by).toFixed(3)}`
  const [most, least] = elsewhereRange.map(moved)
  return [
    `${plainText(title)}: score ${score.toFixed(2)}, explained ${how} (${unit}); greatest ${greatest.toFixed(2)}; ${passes} runs`,
    ...packageLines(signature).map((line) => `  ${line}`),
    `  deletion: masking the hottest tenth moves the score by ${moved(fall)}, elsewhere by ${moved(elsewhereMean)} (${least} to ${most})`,
    `  repeatability: correlation ${trust.repeatability.correlation?.toFixed(2) ?? 'none'} after a shift of one pixel`,
    `  ${distrust === null ? 'Both tests passed.' : `Not to be trusted: ${distrust}`}`,
    notice,
    '',
  ].join('\n')
}

function methodOption(invocation: Invocation): ExplanationMethod | null {
  const name = textOption(invocation, 'method') ?? 'auto'
  if (name === 'auto') return null
  const method = explanationMethods.find((known) => known === name)
  if (!method) throw new UsageError(`--method is one of auto, ${explanationMethods.join(', ')}`)
  return method
}

function frameOption(invocation: Invocation): number {
  const frame = Number(textOption(invocation, 'frame') ?? 1)
  if (!Number.isSafeInteger(frame) || frame < 1) throw new UsageError('--frame is a number from 1')
  return frame
}
