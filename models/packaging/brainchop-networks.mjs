/** What each of the eight packages is: its folder in the data, how its input is made, its structures. */

const range = { by: 'range' }
const quantiles = { by: 'quantiles', low: 0.05, high: 0.95 }
const above = (aboveShareOfGreatest, marginVoxels = 0) => ({ to: { aboveShareOfGreatest }, marginVoxels })
const brainOfTissueLight = { to: { model: 'brainchop-tissue-light' }, marginVoxels: 0 }
/**
 * Where the medians of what tissue-light outlines lie in the makers' own sample, whose values run to 188 in FreeSurfer's conform:
 * 99 and 127 of 188.
 */
const levelsOfSample = [
  { label: 'grey-matter', level: 130 },
  { label: 'white-matter', level: 168 },
]

/** Raised whenever what a package says, accepts or does changes. */
export const versionOf = ({ crop }) => ('model' in crop.to ? '1.2.0' : '1.1.0')

export const networks = [
  {
    id: 'brainchop-tissue-light',
    title: 'Brain tissue, light',
    folder: 'model5_gw_ae',
    colours: 'colormap3.json',
    scale: range,
    crop: above(0, 18),
    outlines: 'white and grey matter of the whole brain, with a small network that is quick',
  },
  {
    id: 'brainchop-tissue',
    title: 'Brain tissue',
    folder: 'model20chan3cls',
    colours: 'colormap.json',
    scale: quantiles,
    crop: above(0.2),
    outlines: 'white and grey matter of the whole brain',
  },
  {
    id: 'brainchop-mask',
    title: 'Brain mask',
    folder: 'model11_gw_ae',
    // Its three classes are those of tissue; it was made to be taken as a mask.
    labels: [
      { source: 'background', colour: [0, 0, 0] },
      { source: 'brain', colour: [255, 192, 96] },
    ],
    countsAs: [0, 1, 1],
    scale: quantiles,
    crop: above(0),
    outlines: 'the brain as a whole',
  },
  {
    id: 'brainchop-subcortical',
    title: 'Brain regions, 17',
    folder: 'model30chan18cls',
    colours: 'colormap.json',
    scale: range,
    // As its makers' entry for computers with little memory: thirty channels over a whole head are more than a gigabyte a layer.
    crop: brainOfTissueLight,
    outlines: 'white matter, cortex and fifteen regions beneath it, left and right together',
  },
  {
    id: 'brainchop-subcortical-light',
    title: 'Brain regions, 17, light',
    folder: 'model18cls',
    colours: 'colormap.json',
    scale: range,
    crop: above(0.2),
    outlines: 'white matter, cortex and fifteen regions beneath it, left and right together, with a smaller network',
  },
  {
    id: 'brainchop-aparc-50',
    title: 'Brain regions, 49',
    folder: 'model30chan50cls',
    colours: 'colormap.json',
    scale: quantiles,
    crop: brainOfTissueLight,
    landmarks: levelsOfSample,
    outlines: 'regions of the cortex and beneath it after the Desikan-Killiany atlas, left and right together',
  },
  {
    id: 'brainchop-aparc-104',
    title: 'Brain regions, 103',
    folder: 'model21_104class',
    colours: 'colormap.json',
    scale: range,
    crop: brainOfTissueLight,
    landmarks: levelsOfSample,
    outlines: 'regions of the cortex and beneath it after the Desikan-Killiany atlas, left and right apart',
  },
  {
    id: 'brainchop-mindgrab',
    title: 'Skull strip, any contrast',
    folder: 'mindgrab',
    colours: 'colormap.json',
    normaliseAfter: '_gn',
    scale: range,
    crop: above(0.5, 20),
    anyContrast: true,
    outlines: 'the brain with what lies directly around it, on MR of any contrast and on CT',
  },
]
