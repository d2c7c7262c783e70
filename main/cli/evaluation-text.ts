/** An evaluation as a few lines for a terminal; all of it is in the document and the report. */
import type { Evaluation, EvaluationFigure, EvaluationPoint } from '../host/evaluation/evaluate'
import { packageLines } from './package-lines'
import { plainText } from './plain-text'

export function evaluationText(evaluation: Evaluation): string {
  const { model, signature, provider, data, leftOut, cautions, classification, segmentation, notice } = evaluation
  return [
    `${model.title} ${model.version} (${model.id})${provider === null ? '' : `, ${provider}`}`,
    ...packageLines(signature),
    `${data.analysed} of ${data.pictures} pictures analysed, ${data.patients} patients, ${data.files} files`,
    ...leftOut.map(({ count, unit, sentence, reason }) => `  left out: ${count} ${unit}${count === 1 ? '' : 's'}. ${sentence} (${reason})`),
    ...classification.flatMap((label) => [
      '',
      `${label.title}: ${label.pictures} pictures of ${label.patients} patients, ${label.positives} positive, ${label.negatives} negative`,
      ...rows([
        ['AUC', shown(label.auc)],
        ['calibration error', shown(label.expectedCalibrationError)],
        ['Brier score', shown(label.brier)],
        ...label.operatingPoints.flatMap(pointRows),
      ]),
    ]),
    ...segmentation.flatMap((label) => [
      '',
      `${label.title}: ${label.pictures} pictures of ${label.patients} patients, ${label.picturesWithTruth} with an outline`,
      ...rows([
        ['Dice a patient, mean', shown(label.dicePerPatient.mean)],
        ['Dice a patient, median', shown(label.dicePerPatient.median)],
        ['Dice a picture, mean', shown(label.dicePerPicture.mean)],
        ...label.hausdorff95.map(({ unit, mean }) => [`Hausdorff 95, mean, ${unit}`, shown(mean, 2)] as const),
        ['patients found at all', shown(label.foundAtAll.sensitivity)],
        ...(label.falseFindings.pictures > 0
          ? [['pictures without outline, with a finding', shown(label.falseFindings.share)] as const]
          : []),
        ...label.byPixel.operatingPoints.flatMap(pointRows),
      ]),
    ]),
    '',
    ...cautions.map((caution) => `Caution. ${caution}`),
    'These figures hold for this data alone.',
    notice,
    '',
  ]
    .map(plainText)
    .join('\n')
}

function pointRows({ name, threshold, inForce, siteSetting, sensitivity, specificity }: EvaluationPoint): (readonly [string, string])[] {
  const point = `${name} ${threshold}${inForce ? ', in force' : ''}${siteSetting ? ', site setting' : ''}`
  return [
    [`sensitivity (${point})`, shown(sensitivity)],
    [`specificity (${point})`, shown(specificity)],
  ]
}

function rows(entries: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length)) + 2
  return entries.map(([name, value]) => `  ${name.padEnd(width)}${value}`)
}

function shown({ value, interval }: EvaluationFigure, digits = 3): string {
  if (value === null) return 'no value'
  const range = interval ? ` [${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)}]` : ''
  return `${value.toFixed(digits)}${range}`
}
