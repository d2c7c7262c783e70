/** The card of a brainchop package. */
import { versionOf } from './brainchop-networks.mjs'
import { volumes } from './brainchop-volumes.mjs'

/** Of the many regions only these stand on the card. */
const measured = (id) => volumes[id].map(([what, conformed, oblique]) => `| ${what} | ${conformed} | ${oblique} |`).join('\n')

const matchedWords = ([grey, white]) => `
the medians of grey and white matter, as \`brainchop-tissue-light\` outlines them, are brought to ${grey.level} and ${white.level} of 255,`

const contrastWords = `Its makers do not match the levels. Without that it missed a third of the brain of the second series below, whose grey matter
is darker beside the white (0.62 of it) than in their sample (0.78); on the first the match changes little.
`

export function cardOf(network, labels) {
  const { id, title, outlines, anyContrast, crop, landmarks, scale, countsAs, normaliseAfter } = network
  const box =
    'model' in crop.to ? 'what `brainchop-tissue-light` outlines' : `what is above ${crop.to.aboveShareOfGreatest} times the greatest value`
  const levels =
    scale.by === 'range' ? 'the least to the greatest value become 0 to 1' : `the quantiles ${scale.low} and ${scale.high} become 0 and 1`
  const matched = landmarks ? matchedWords(landmarks) : ''
  return `# ${title}

\`${id}\` ${versionOf(network)}. Licence: MIT.

**Research use only. Not a medical device; not for diagnosis or patient management.**

## Intended use

Outlines ${outlines}${anyContrast ? '' : ', on a three-dimensional T1 series of the head'}: ${labels.length - 1} ${labels.length === 2 ? 'structure' : 'structures'}.
What it outlines is normal anatomy, shown and measured; it is no finding.

## Not for

- Diagnosis, triage or any decision about a patient.
- Volumes as a measurement of disease: nothing was measured of their accuracy here.
- Heads of children (refused where the header states the age), after surgery, and with large lesions: nothing is known of these.
${anyContrast ? '' : '- Other contrasts than T1, and series with gaps or thick slices.\n'}
## Who made it

A MeshNet of brainchop, https://github.com/neuroneural/brainchop, commit 4c87885f. Topology and weights are copied
unchanged (\`network.json\` and its weight file); how its input is made was read from that project's code.
Masoud M, Hu F, Plis S. "Brainchop: in-browser MRI volumetric segmentation and rendering", Journal of Open Source Software 8(83), 2023.

## How it is run

The series is resampled to 256 x 256 x 256 voxels of 1 mm and 8 bits as FreeSurfer's conform does,${matched} ${levels},
and the box of ${box}${crop.marginVoxels > 0 ? `, with ${crop.marginVoxels} voxels around it,` : ''} goes through the network at once. Of all that is labelled the largest part stays.${
    countsAs ? '\nThe network knows white and grey matter apart; here both count as brain, as its makers use it.' : ''
  }${normaliseAfter ? '\nEach convolution is followed by a normalisation that the topology does not hold; the package names it.' : ''}
${landmarks ? contrastWords : ''}Labels go back to the slices of the series by the nearest voxel, and volumes are those of the voxels drawn there.

## Figures

No accuracy was measured: there is no outline by hand to compare with. That the network runs as its makers' does is
proven against TensorFlow.js on the golden case. On two T1 series of healthy heads it gave, in ml:

| | conformed coronal series, 1 mm | oblique axial series, 0.67 x 0.70 x 0.67 mm |
|---|---|---|
${measured(id)}
`
}
