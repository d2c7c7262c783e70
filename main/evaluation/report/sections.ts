/** The parts of the report that hold figures: one a label. */
import type { ClassificationFigures } from '../classification'
import type { Discrimination } from '../discrimination'
import type { FalseFindings } from '../false-findings'
import type { LengthUnit, SegmentationFigures } from '../segmentation'
import { dicePlot, reliabilityPlot, rocPlot } from './curves'
import { markup, type Markup } from './markup'
import { figureTable, pointTable, table, type NamedFigure } from './tables'

export function classificationSection(label: ClassificationFigures, prevalence: number | null): Markup {
  const { title, pictures, patients, positives, negatives, notKnown } = label
  return markup`<section><h2>${title}</h2>
<p>${counted(pictures, 'picture')} of ${counted(patients, 'patient')}: ${positives} have it, ${negatives} have it not.${notKnown > 0 ? ` Of ${counted(notKnown, 'picture')} the table does not say.` : ''}</p>
${figureTable(discriminationRows(label, counted(pictures, 'picture')))}
${discriminationPlots(label)}
<h3>Operating points</h3>
${pointTable(label.operatingPoints, prevalence)}
</section>`
}

export function segmentationSection(label: SegmentationFigures): Markup {
  const { title, pictures, patients, picturesWithTruth, picturesWithoutTruth, notLabelled, byPixel, cases } = label
  return markup`<section><h2>${title}</h2>
<p>${counted(pictures, 'picture')} of ${counted(patients, 'patient')}: ${picturesWithTruth} with an outline, ${picturesWithoutTruth} without.${notLabelled > 0 ? ` ${counted(notLabelled, 'picture')} without a mask ${notLabelled === 1 ? 'was' : 'were'} left out.` : ''}</p>
${figureTable(outlineRows(label))}
${cases.length > 0 ? markup`<figure class="wide">${dicePlot(cases)}</figure>` : markup``}
${falseFindingSection(label.falseFindings)}
<h3>Pixel by pixel</h3>
${figureTable(discriminationRows(byPixel, 'all pixels'))}
${discriminationPlots(byPixel)}
${pointTable(byPixel.operatingPoints, null)}
${caseList(label)}
</section>`
}

function discriminationRows(figures: Discrimination, note: string): NamedFigure[] {
  return [
    { name: 'Area under the ROC curve', figure: figures.auc, note },
    { name: 'Expected calibration error', figure: figures.expectedCalibrationError, note: '10 bins of equal width; 0 is best' },
    { name: 'Brier score', figure: figures.brier, note: '0 is best; a constant 0.5 gives 0.25' },
  ]
}

function discriminationPlots(figures: Discrimination): Markup {
  const noCurve = markup`<p class="soft">There is no ROC curve: one of the two classes is absent.</p>`
  return markup`<div class="plots">
<figure>${figures.roc.length > 0 ? rocPlot(figures) : noCurve}<figcaption>ROC curve. Numbers are the operating points below, the thick ring is the one in force; the broken line is chance.</figcaption></figure>
<figure>${reliabilityPlot(figures)}<figcaption>Reliability. On the broken line scores are the frequencies they look like; the bars show how the scores are spread.</figcaption></figure>
</div>`
}

const units: Readonly<Record<LengthUnit, string>> = { mm: 'mm', 'mm-assumed': 'mm, spacing assumed', px: 'pixels, as no spacing is known' }

function outlineRows({ dicePerPatient, dicePerPicture, hausdorff95, withoutDistance, foundAtAll }: SegmentationFigures): NamedFigure[] {
  const ofPatients = `${counted(dicePerPatient.values, 'patient')} with an outline, all pixels of one together`
  const ofPictures = `${counted(dicePerPicture.values, 'picture')} with an outline`
  const { nothingFound, nothingTrue } = withoutDistance
  return [
    { name: 'Dice a patient, mean', figure: dicePerPatient.mean, note: ofPatients },
    { name: 'Dice a patient, median', figure: dicePerPatient.median, note: ofPatients },
    { name: 'Dice a picture, mean', figure: dicePerPicture.mean, note: ofPictures },
    { name: 'Dice a picture, median', figure: dicePerPicture.median, note: ofPictures },
    ...hausdorff95.flatMap(({ unit, values, mean, median }) => {
      const note = `${units[unit]}; ${counted(values, 'picture')} with both outlines (${nothingFound} where nothing was found, ${nothingTrue} where nothing was there)`
      return [
        { name: 'Hausdorff distance, 95th percentile, mean', figure: mean, digits: 2, note },
        { name: 'Hausdorff distance, 95th percentile, median', figure: median, digits: 2, note },
      ]
    }),
    {
      name: 'Patients found at all',
      figure: foundAtAll.sensitivity,
      note: `${foundAtAll.found} of ${foundAtAll.patients}: a picture carries a finding that meets the outline`,
    },
  ]
}

function falseFindingSection({ pictures, withFinding, share, pixels, volumeMl }: FalseFindings): Markup {
  if (pictures === 0 || !pixels) return markup``
  const figures: NamedFigure[] = [
    { name: 'With a finding', figure: share, note: `${withFinding} of ${counted(pictures, 'picture')}` },
    ...(volumeMl
      ? [{ name: 'Outlined less than 1 ml', figure: volumeMl.shareBelow1Ml, note: volumeMl.assumed ? 'spacing assumed' : '' }]
      : []),
  ]
  const rows = [
    ['pixels', ...[pixels.mean, pixels.median, pixels.percentile90, pixels.most].map((value) => value.toFixed(1))],
    ...(volumeMl
      ? [
          [
            volumeMl.assumed ? 'ml, spacing assumed' : 'ml',
            ...[volumeMl.mean, volumeMl.median, volumeMl.percentile90, volumeMl.most].map((value) => value.toFixed(3)),
          ],
        ]
      : []),
  ]
  const columns = ['Mean', 'Median', '90th percentile', 'Most'].map((title) => ({ title, isNumber: true }))
  return markup`<h3>Pictures without an outline</h3>
${figureTable(figures)}
<p>Outlined on each:</p>
${table([{ title: 'In' }, ...columns], rows)}`
}

function caseList({ cases, hausdorff95 }: SegmentationFigures): Markup {
  const unit = hausdorff95.length === 1 ? `, ${hausdorff95[0].unit === 'px' ? 'pixels' : 'mm'}` : ''
  const columns = ['No.', 'Pictures', 'Dice', `Hausdorff 95, mean${unit}`, 'Pixels of the truth', 'Pixels found'].map((title) => ({
    title,
    isNumber: true,
  }))
  const rows = cases.map(({ pictures, dice, hausdorff95, truthPixels, foundPixels }, index) => [
    index + 1,
    pictures,
    dice.toFixed(3),
    hausdorff95 === null ? 'no value' : hausdorff95.toFixed(2),
    truthPixels,
    foundPixels,
  ])
  return markup`<details><summary>Each patient, lowest Dice first, without names</summary>${table(columns, rows)}</details>`
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
