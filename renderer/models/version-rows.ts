/** Versions of a network side by side: a row a fact, a cell a version. */
import { signatureWords, type ModelEntry } from '../../contracts/model-store'
import { thresholdWords } from '../../contracts/operating-points'
import { instant } from '../ui/words'

export interface VersionRow {
  readonly term: string
  readonly cells: readonly string[]
  /** The versions do not all say the same. */
  readonly differs: boolean
}

const none = '–'

export function versionRows(versions: readonly ModelEntry[]): VersionRow[] {
  const packages = versions.map((entry) => entry.package)
  const metrics = new Map(
    packages.flatMap((model) => (model?.metrics ?? []).map(({ name, label }) => [`${name}, ${label}`, { name, label }])),
  )
  const points = new Map(
    packages.flatMap((model) => (model?.operatingPoints ?? []).map(({ name, label }) => [`Threshold ${name}, ${label}`, { name, label }])),
  )
  return [
    row(
      'From',
      versions.map(({ source, added }) => (source === 'bundled' ? 'Overread' : `added ${instant(added?.at ?? '')} by ${added?.by ?? ''}`)),
    ),
    row(
      'Signature',
      versions.map(({ signature }) => signatureWords(signature)),
    ),
    row(
      'Check',
      versions.map(({ valid, error }) => (valid ? 'passed' : (error?.message ?? 'failed'))),
    ),
    ...[...metrics].map(([term, { name, label }]) =>
      row(
        term,
        packages.map((model) => {
          const found = model?.metrics.find((metric) => metric.name === name && metric.label === label)
          if (!found) return none
          const interval = found.interval ? ` (${found.interval.map((value) => value.toFixed(3)).join(' to ')})` : ''
          return `${found.value.toFixed(3)}${interval}`
        }),
      ),
    ),
    ...[...points].map(([term, { name, label }]) =>
      row(
        term,
        packages.map((model) => {
          const found = model?.operatingPoints.find((point) => point.name === name && point.label === label)
          return found ? thresholdWords(found.threshold) : none
        }),
      ),
    ),
    row(
      'Licence',
      packages.map((model) => model?.licence ?? none),
    ),
    row(
      'Weights',
      packages.map((model) => model?.sha256.slice(0, 12) ?? none),
    ),
  ]
}

function row(term: string, cells: readonly string[]): VersionRow {
  return { term, cells, differs: new Set(cells).size > 1 }
}
