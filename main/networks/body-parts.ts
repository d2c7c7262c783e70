/** Words for regions of the body, as headers write them: Body Part Examined (PS3.16 CID 4) and what stations put there instead. */

/** A region is named by its first word. */
const regions: readonly (readonly string[])[] = [
  ['CHEST', 'THORAX', 'LUNG', 'LUNGS', 'THORACIC', 'RIBS', 'TORAX'],
  ['HEAD', 'BRAIN', 'NEURO', 'CRANIUM', 'CEREBRAL', 'SCHAEDEL', 'KOPF', 'HEADBRAIN'],
  ['SKULL'],
  ['NECK', 'CSPINE', 'CERVICAL', 'CAROTID', 'LARYNX', 'THYROID'],
  ['SPINE', 'TSPINE', 'LSPINE', 'LUMBAR', 'SSPINE', 'SACRUM', 'COCCYX'],
  ['ABDOMEN', 'ABD', 'LIVER', 'KIDNEY', 'PANCREAS', 'SPLEEN', 'KUB', 'BLADDER', 'GALLBLADDER'],
  ['PELVIS', 'PROSTATE', 'UTERUS', 'HIP'],
  ['BREAST', 'MAMMA'],
  ['HEART', 'CARDIAC', 'AORTA', 'CORONARY'],
  ['SHOULDER', 'CLAVICLE', 'SCAPULA'],
  ['ARM', 'HUMERUS', 'ELBOW', 'FOREARM', 'WRIST', 'HAND', 'FINGER', 'THUMB', 'EXTREMITY'],
  ['LEG', 'FEMUR', 'KNEE', 'CALF', 'ANKLE', 'FOOT', 'TOE', 'HEEL', 'PATELLA', 'TIBIA', 'FIBULA'],
  ['EYE', 'ORBIT'],
  ['JAW', 'TEETH', 'TOOTH', 'MANDIBLE', 'MAXILLA', 'TMJ', 'SINUS', 'NOSE', 'FACE'],
]

const regionOfWord = new Map(regions.flatMap((words) => words.map((word) => [word, words[0]] as const)))

/** The regions that a text names; none where it names none known. */
export function regionsIn(text: string): Set<string> {
  const found = new Set<string>()
  for (const word of text.toUpperCase().split(/[^A-Z]+/)) {
    const region = regionOfWord.get(word)
    if (region !== undefined) found.add(region)
  }
  return found
}
