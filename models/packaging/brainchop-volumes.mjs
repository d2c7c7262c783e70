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
    ['cerebral white matter', 479, 575],
    ['cerebral and cerebellar cortex', 701, 760],
    ['hippocampus, both', '8.9', '8.8'],
  ],
  'brainchop-subcortical-light': [
    ['cerebral white matter', 488, 580],
    ['cerebral and cerebellar cortex', 665, 735],
    ['hippocampus, both', '8.1', '8.5'],
  ],
  'brainchop-aparc-50': [
    ['cerebral white matter', 526, 423],
    ['cerebral cortex and cerebellum', 627, 370],
    ['hippocampus, both', '9.2', '3.2: parts of one side are missed'],
  ],
  'brainchop-aparc-104': [
    ['cerebral white matter', 478, 515],
    ['cerebral and cerebellar cortex', 615, 297],
    ['hippocampus, both', '9.1', '3.6: parts of the cortex and the cerebellum are missed'],
  ],
  'brainchop-mindgrab': [['brain and its surroundings', 1647, 1926]],
}
