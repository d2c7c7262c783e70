/** overread inspect: a file's whole data set as a tree, warnings, and what will be shown and why. */
import { inspectFile, type Inspection } from '../../host/command-line/cli-inspect'
import type { Command } from '../command'
import { plainText } from '../plain-text'

export const inspect: Command = {
  name: 'inspect',
  summary: 'Prints the whole data set of a file, with warnings, what will be shown of it, and why.',
  usage: 'inspect FILE',
  options: {},
  help: [],
  positionals: [1, 1],
  async run({ positionals: [file] }) {
    const inspection = await inspectFile(file)
    return { document: inspection, text: textOf(inspection), failed: false }
  },
}

type ElementDescription = Inspection['dataSet'][number]

/** A name longer than this pushes its value aside, not those of all others. */
const widestName = 44

function textOf({ transferSyntax, warnings, meta, dataSet, shown, reasons }: Inspection): string {
  const width = Math.min(widestName, widestOf([...meta, ...dataSet], 0))
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''])
  return [
    ...section('File', [`${transferSyntax.name} (${transferSyntax.uid})`]),
    ...section(
      'Warnings',
      warnings.map((warning) => plainText(warning)),
    ),
    ...section(shown ? 'What is shown, and why' : 'What is not shown, and why', reasonLines(reasons)),
    ...section(
      'File meta information',
      meta.flatMap((element) => lines(element, 0, width)),
    ),
    ...section(
      'Data set',
      dataSet.flatMap((element) => lines(element, 0, width)),
    ),
  ].join('\n')
}

function reasonLines(reasons: Inspection['reasons']): string[] {
  const width = Math.max(0, ...reasons.map(({ subject }) => subject.length))
  return reasons.flatMap(({ subject, sentence, attributes }) => [
    `${subject.padEnd(width)}  ${plainText(sentence)}`,
    ...(attributes.length > 0 ? [`${' '.repeat(width)}    by ${attributes.join(', ')}`] : []),
  ])
}

function widestOf(elements: readonly ElementDescription[], depth: number): number {
  let widest = 0
  for (const { name, items } of elements) {
    widest = Math.max(widest, depth * 2 + name.length)
    for (const item of items ?? []) widest = Math.max(widest, widestOf(item, depth + 2))
  }
  return widest
}

/** Tag, VR and name, each level set in by two, and the values below one another. */
function lines({ tag, vr, name, value, items }: ElementDescription, depth: number, width: number): string[] {
  const indent = '  '.repeat(depth)
  const inside = (items ?? []).flatMap((item, index) => [
    `${indent}  item ${index + 1}`,
    ...item.flatMap((element) => lines(element, depth + 2, width)),
  ])
  const head = `${indent}${tag}  ${vr}  ${plainText(name).padEnd(Math.max(0, width - indent.length))}`
  return [`${head}  ${oneLine(value)}`.trimEnd(), ...inside]
}

/** Texts of several lines stand on one. */
function oneLine(value: string): string {
  return plainText(value.replace(/\r\n|\r|\n/g, ' ↵ '))
}
