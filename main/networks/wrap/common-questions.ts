/** What every package has to say of itself. */
import type { NetworkSource } from './source'
import { anyText, matching, type Question } from './question'

export function commonQuestions({ suggestions, engine }: NetworkSource): Question[] {
  const ask = (key: string, text: string, fault: Question['fault'], otherwise: string | null = null): Question => ({
    key,
    ask: text,
    suggestion: suggestions[key] ?? otherwise,
    fault,
  })
  return [
    ask('id', 'Short name: lower-case letters, digits and hyphens', matching(/^[a-z][a-z0-9-]{1,63}$/, 'like "chest-nodule"')),
    ask('title', 'Title that readers see', anyText(80)),
    ask('version', 'Version, three numbers', matching(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'like 1.0.0'), '1.0.0'),
    ask('intendedUse', 'What it is for, in a sentence', anyText(1000)),
    ask('notFor', 'What it is not for; several divided by semicolons', anyText(3000)),
    ask('licence', 'Licence of the network', anyText(200)),
    ask(
      'modality',
      'Modalities it reads, divided by commas: MR, CT, DX, CR',
      matching(/^[A-Z]{2,16}(\s*,\s*[A-Z]{2,16})*$/, 'like "DX, CR"'),
    ),
    ask('bodyPart', 'Parts of the body as headers name them, divided by commas; "any" where it is not checked', anyText(500), 'any'),
    ask('trainingData', 'What it was trained on', anyText(1000)),
    ask(
      'trainingCode',
      'Where its training is described',
      anyText(200),
      engine === 'onnx' ? 'not stated with the ONNX file' : 'not stated',
    ),
  ]
}
