/**
 * An evaluation as one HTML file that needs nothing else: no script, no other resource, and no name of a file or patient.
 */
import { signatureWords } from '../../../contracts/model-store'
import type { Evaluation } from '../evaluation'
import { markup, type Markup } from './markup'
import { classificationSection, counted, segmentationSection } from './sections'
import { style } from './style'
import { table, type Cell } from './tables'

export function reportPage(evaluation: Evaluation): string {
  const { model, notice, settings, classification, segmentation } = evaluation
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation of ${model.id} ${model.version}</title>
<style>${style}</style>
</head>
<body>
<h1>${model.title}</h1>
<p class="soft">Evaluation of <code>${model.id}</code> ${model.version} on a labelled folder</p>
<p class="notice"><strong>${notice}</strong></p>
<p>The figures hold for this data alone: for these patients, machines and labels. They say nothing of others.</p>
${cautions(evaluation)}
${classification.map((label) => classificationSection(label, settings.prevalence))}
${segmentation.map((label) => segmentationSection(label))}
${leftOut(evaluation)}
${provenance(evaluation)}
${method(evaluation)}
</body>
</html>
`
  return page.text
}

function cautions({ cautions }: Evaluation): Markup {
  return markup`${cautions.map((caution) => markup`<p class="notice">Caution. ${caution}</p>`)}`
}

function leftOut({ leftOut, data, overridden, settings, unchecked, screening }: Evaluation): Markup {
  const rows = leftOut.map(({ count, unit, sentence, reason }): Cell[] => [count, unit, sentence, markup`<code>${reason}</code>`])
  return markup`<section><h2>What was left out</h2>
<p>${data.analysed} of ${counted(data.pictures, 'picture')} in ${counted(data.files, 'file')} were analysed.${leftOut.length === 0 ? ' Nothing was left out.' : ' What a network declines is itself a finding: figures on the rest do not hold for it.'}</p>
${rows.length === 0 ? markup`` : table([{ title: 'Count', isNumber: true }, { title: 'Unit' }, { title: 'Why' }, { title: 'Code' }], rows)}
${screened(screening)}
${settings.override ? markup`<p class="notice">Run against the network's refusal: ${counted(overridden, 'picture')} of stacks that it declines are in the figures.</p>` : markup``}
${unchecked.length === 0 ? markup`` : markup`<p>Not stated in the header, so not checked: ${unchecked.map(({ what, pictures }) => `${what} (${counted(pictures, 'picture')})`).join(', ')}.</p>`}
</section>`
}

function screened({ pixelCheck, distance }: Evaluation['screening']): Markup {
  const asked = [
    ...(pixelCheck.asked > 0
      ? [`The input check looked at ${counted(pixelCheck.asked, 'picture')}; the results of ${pixelCheck.withheld} were withheld.`]
      : []),
    ...(distance.asked > 0
      ? [
          `The distance from the training data is known of ${counted(distance.asked, 'picture')}; ${distance.beyond} lie beyond the threshold, and the results of ${distance.withheld} were withheld.`,
        ]
      : []),
  ]
  return markup`${asked.map((sentence) => markup`<p>${sentence}</p>`)}`
}

function provenance({ model, signature, provider, createdAt, data, settings }: Evaluation): Markup {
  const { patientsBy, sha256 } = data
  const spacing = settings.assumedSpacing
  const rows: Cell[][] = [
    ['Network', markup`<code>${model.id}</code> ${model.version}, ${model.task}`],
    ['Package', signatureWords(signature)],
    ['SHA-256 of its weights', markup`<code>${model.sha256}</code>`],
    ['Computed on', provider ?? 'no picture was analysed'],
    ['Time (UTC)', createdAt],
    ['Files', `${data.files}: ${data.dicom} DICOM, ${data.png} PNG`],
    [
      'Patients',
      `${data.patients}, told apart by the table (${patientsBy.table}), by the header (${patientsBy.header}), by their series (${patientsBy.series})`,
    ],
    ['SHA-256 of the data', markup`<code>${sha256}</code>`],
    ['A picture without a mask', settings.missingMask === 'empty' ? 'has nothing to outline' : 'is left out'],
    ['Assumed spacing', spacing ? `${spacing.join(' x ')} mm (rows, columns, slices) where none is stated` : 'none'],
    ['Bootstrap', `${settings.resamples} resamples, seed ${settings.seed}`],
  ]
  return markup`<section><h2>What was measured</h2>${table([{ title: 'Subject' }, { title: 'Value' }], rows)}</section>`
}

function method({ segmentation, settings }: Evaluation): Markup {
  const outlines = markup`<li>Dice is 2 |A and B| / (|A| + |B|). Patients and pictures without an outline have none and are reported apart.</li>
<li>The Hausdorff distance is the 95th percentile of the distances between the edges of both outlines within a picture, the greater of its two directions.</li>
<li>Pixels of one picture depend on each other: rates pixel by pixel mostly show how much of the picture is easy.</li>
<li>Volumes of single pictures take the picture as thick as half the gap to each neighbour.</li>`
  return markup`<section><h2>How it was computed</h2>
<ul>
<li>Every picture took the path that it takes in the program: decoding, the network's own steps, its outputs on the picture's grid.</li>
<li>A case counts as positive at or above a threshold.</li>
<li>Intervals are the 2.5th and 97.5th percentile of ${settings.resamples} resamples of whole patients with replacement. Where all cases agree the interval has no width, which is no certainty: of n cases without a fault up to about 3 / n may still fail.</li>
<li>The area under the ROC curve is the share of pairs in which the case that has it scores higher, ties counting one half.</li>
<li>Predictive values depend on how many cases have it; those of the operating points hold at the share in this data.</li>
${segmentation.length > 0 ? outlines : markup``}
</ul></section>`
}
