/** overread models wrap: a package of a bare network, by asking for what is missing. */
import { createInterface } from 'node:readline/promises'
import { resolve } from 'node:path'
import { readAnswers, wrapNetwork } from '../../../host/command-line/cli-wrap'
import { textOption, UsageError, type Command, type Invocation } from '../../command'
import { entryUrl } from '../../entry'
import { plainText } from '../../plain-text'

export const wrapModel: Command = {
  name: 'models wrap',
  summary:
    'Makes a model package of a bare ONNX file, a MONAI bundle with one, or a TensorFlow.js model.json, by asking for what is missing.',
  about:
    'The weight files of a model.json lie beside it. What the files say themselves is suggested. On a terminal each question is asked; elsewhere the answers come from a file,\nand what it lacks is listed with exit code 2. The package is tried before it is written; a TensorFlow.js network of large volumes takes minutes for that.',
  usage: 'models wrap FILE|BUNDLE --out FOLDER [--answers FILE] [--sides N,N[,N]] [--normalise-after END]',
  options: { out: { type: 'string' }, answers: { type: 'string' }, sides: { type: 'string' }, 'normalise-after': { type: 'string' } },
  help: [
    ['--out FOLDER', 'the folder of the package; it must not exist'],
    ['--answers FILE', 'a JSON object with an answer by the key of its question'],
    ['--sides N,N[,N]', 'rows and columns (depth before) of the tensor, where the network takes any'],
    [
      '--normalise-after END',
      'of TensorFlow.js: layers whose names end so (like _gn) are followed by a normalisation that the file leaves unsaid; "none": it says all',
    ],
  ],
  positionals: [1, 1],
  async run(invocation) {
    const out = textOption(invocation, 'out')
    if (out === null) throw new UsageError('--out is needed')
    const answers = textOption(invocation, 'answers')
    const wrapped = await wrapNetwork(entryUrl(), {
      path: resolve(invocation.positionals[0]),
      out: resolve(out),
      answers: answers === null ? {} : await readAnswers(resolve(answers)),
      sides: sidesOf(invocation),
      normaliseAfter: normaliseAfterOf(invocation),
      ask: process.stdin.isTTY && answers === null ? askOnTerminal : null,
    })
    if ('missing' in wrapped) {
      throw new UsageError(
        `these answers are missing:\n${wrapped.missing.map(({ key, ask }) => `  ${plainText(key)}: ${plainText(ask)}`).join('\n')}`,
      )
    }
    const { id, version, sha256 } = wrapped.package
    return {
      document: { id, version, sha256, folder: resolve(out) },
      text: `${id} ${version} is written and repeats itself.\n`,
      failed: false,
    }
  },
}

/** The question on stderr, as stdout belongs to the result. */
async function askOnTerminal({ ask, suggestion }: { ask: string; suggestion: string | null }, fault: string | null): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    if (fault !== null) process.stderr.write(`  ${plainText(fault)}\n`)
    return await terminal.question(`${plainText(ask)}${suggestion === null ? '' : ` [${plainText(suggestion)}]`}: `)
  } finally {
    terminal.close()
  }
}

function normaliseAfterOf(invocation: Invocation): string | null {
  const text = textOption(invocation, 'normalise-after')
  if (text !== null && (text === '' || text.length > 64)) throw new UsageError('--normalise-after takes the end of a name, or none')
  return text
}

function sidesOf(invocation: Invocation): readonly number[] | null {
  const text = textOption(invocation, 'sides')
  if (text === null) return null
  const sides = text.split(',').map(Number)
  if (sides.length < 2 || sides.length > 3 || sides.some((side) => !Number.isInteger(side) || side < 1 || side > 4096))
    throw new UsageError('--sides takes two or three whole numbers, divided by commas')
  return sides
}
