/** What is told of a package that is being added. */
import { adviceFor } from '../../contracts/errors'
import type { Adding } from '../../contracts/model-store'
import { megabytes } from '../ui/words'

const steps: Record<Adding['step'], string> = {
  fetching: 'Fetching',
  copying: 'Copying',
  checking: 'Checking its files',
  proving: 'Repeating its golden case',
}

export function addingWords({ state, step, done, total, error, model, known, leftOut }: Adding): string {
  const name = model ? `${model.title} ${model.version}` : 'The package'
  if (state === 'running') return `${model ? `${name}: ` : ''}${steps[step]}${amount(done, total)}`
  if (state === 'cancelled') return `${name} was not added: cancelled. Nothing of it was kept.`
  if (state === 'refused')
    return `${name} was not added. ${error?.message ?? ''}${end(error?.message)} ${error ? adviceFor(error.code) : ''}`.trim()
  if (known) return `${name} is there already.`
  const left = leftOut.length === 0 ? '' : ` Left out, as its description does not name them: ${leftOut.join(', ')}.`
  return `${name} was added.${left}`
}

function amount(done: number, total: number): string {
  if (done === 0) return ''
  return total > 0 ? `, ${megabytes(done)} of ${megabytes(total)}` : `, ${megabytes(done)}`
}

const end = (sentence = '') => (/[.?]$/.test(sentence) ? '' : '.')
