/** A share, not ml. */
const withoutLabel = 'of the outline of `brainchop-tissue-light`, without a label'

/** What each package gave on the two T1 series of the shared studies, ml: by `overread analyze`, on the processor. */
export const volumes = {
  'brainchop-tissue-light': [
    ['white matter', 519, 606],
    ['grey matter', 735, 583],
  ],
  'brainchop-tissue': [
    ['white matter', 596, 510],
    ['grey matter', 711, 529],
  ],
  'brainchop-mask': [['brain', 1215, 1010]],
  'brainchop-subcortical': [
    ['cerebral white matter', 475, 570],
    ['cerebral and cerebellar cortex', 689, 733],
    ['hippocampus, both', '9.0', '8.9'],
    [withoutLabel, '4 %', '3 %'],
  ],
  'brainchop-subcortical-light': [
    ['cerebral white matter', 488, 580],
    ['cerebral and cerebellar cortex', 665, 735],
    ['hippocampus, both', '8.1', '8.5'],
  ],
  'brainchop-aparc-50': [
    ['cerebral white matter', 528, 605],
    ['cerebral cortex and cerebellum', 624, 585],
    ['hippocampus, both', '9.2', '7.5'],
    [withoutLabel, '2 %', '2 %'],
  ],
  'brainchop-aparc-104': [
    ['cerebral white matter', 488, 539],
    ['cerebral and cerebellar cortex', 614, 462],
    ['hippocampus, both', '9.1', '7.8'],
    [withoutLabel, '4 %', '12 %: parts of the cerebellum are missed'],
  ],
  'brainchop-mindgrab': [['brain and its surroundings', 1647, 1926]],
}
