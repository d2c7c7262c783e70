/** overread inspect: a file's whole data set as a tree, warnings, and what will be shown and why. */
import { inspectFile, type Inspection } from '../../host/cli-inspect'
import type { Command } from '../command'
import { plainText } from '../plain-text'

export const inspect: Command = {
  name: 'inspect',
  summary: 'Prints the whole data set of a file, with warnings and what will be shown of it.',
  usage: 'inspect FILE',
  options: {},
  help: [],
  positionals: [1, 1],
  async run({ positionals: [file] }) {
    const inspection = await inspectFile(file)
    return { document: inspection, text: textOf(inspection), failed: false }
  },
}

function textOf({ transferSyntax, warnings, meta, dataSet, shown, refused }: Inspection): string {
  return [
    `Transfer syntax: ${transferSyntax.name} (${transferSyntax.uid})`,
    ...warnings.map((warning) => `Warning: ${plainText(warning)}`),
    shown
      ? `Shown: ${shown.rows} rows x ${shown.columns} columns, ${shown.photometricInterpretation}, ${shown.integrity}`
      : `Not shown: ${refused?.message} (${refused?.code})`,
    '',
    ...meta.flatMap((element) => lines(element, 0)),
    ...dataSet.flatMap((element) => lines(element, 0)),
    '',
  ].join('\n')
}

type ElementDescription = Inspection['dataSet'][number]

function lines({ tag, vr, keyword, value, items }: ElementDescription, depth: number): string[] {
  const indent = '  '.repeat(depth)
  const inside = (items ?? []).flatMap((item, index) => [
    `${indent}  item ${index + 1}`,
    ...item.flatMap((element) => lines(element, depth + 2)),
  ])
  return [`${indent}${tag} ${vr} ${keyword} ${plainText(value)}`.trimEnd(), ...inside]
}
