/** Names of the structures as a reader reads them, and their keys. */

/** Regions of the Desikan-Killiany atlas, which its tables write as one word. */
const cortex = {
  bankssts: 'banks of the superior temporal sulcus',
  caudalanteriorcingulate: 'caudal anterior cingulate',
  caudalmiddlefrontal: 'caudal middle frontal',
  cuneus: 'cuneus',
  entorhinal: 'entorhinal',
  fusiform: 'fusiform',
  inferiorparietal: 'inferior parietal',
  inferiortemporal: 'inferior temporal',
  isthmuscingulate: 'isthmus of the cingulate',
  lateraloccipital: 'lateral occipital',
  lateralorbitofrontal: 'lateral orbitofrontal',
  lingual: 'lingual',
  medialorbitofrontal: 'medial orbitofrontal',
  middletemporal: 'middle temporal',
  parahippocampal: 'parahippocampal',
  paracentral: 'paracentral',
  parsopercularis: 'pars opercularis',
  parsorbitalis: 'pars orbitalis',
  parstriangularis: 'pars triangularis',
  pericalcarine: 'pericalcarine',
  postcentral: 'postcentral',
  posteriorcingulate: 'posterior cingulate',
  precentral: 'precentral',
  precuneus: 'precuneus',
  rostralanteriorcingulate: 'rostral anterior cingulate',
  rostralmiddlefrontal: 'rostral middle frontal',
  superiorfrontal: 'superior frontal',
  superiorparietal: 'superior parietal',
  superiortemporal: 'superior temporal',
  supramarginal: 'supramarginal',
  frontalpole: 'frontal pole',
  temporalpole: 'temporal pole',
  transversetemporal: 'transverse temporal',
  insula: 'insula',
}
const words = {
  BG: 'Background',
  Unknown: 'Background',
  CSF: 'Cerebrospinal fluid',
  VentralDC: 'Ventral diencephalon',
  'Thalamus-Proper*': 'Thalamus',
  'Inf-Lat-Vent': 'Inferior lateral ventricle',
  '3rd-Ventricle': 'Third ventricle',
  '4th-Ventricle': 'Fourth ventricle',
  'Brain-Stem': 'Brain stem',
  CC_Posterior: 'Corpus callosum, posterior',
  CC_Mid_Posterior: 'Corpus callosum, mid posterior',
  CC_Central: 'Corpus callosum, central',
  CC_Mid_Anterior: 'Corpus callosum, mid anterior',
  CC_Anterior: 'Corpus callosum, anterior',
}

/** "Left-Inf-Lat-Vent": "Left inferior lateral ventricle"; "ctx-rh-insula": "Right cortex, insula". */
export function titleOf(source) {
  const parcel = /^ctx-(?:(lh|rh)-)?(\w+)$/.exec(source)
  if (parcel) {
    const region = cortex[parcel[2]]
    if (!region) throw new Error(`no name for ${source}`)
    return `${{ lh: 'Left cortex', rh: 'Right cortex' }[parcel[1]] ?? 'Cortex'}, ${region}`
  }
  const sided = /^(Left|Right)-(.+)$/.exec(source)
  if (sided) return sentence(`${sided[1]} ${plain(sided[2])}`)
  return sentence(plain(source))
}

/** The key that stands in results. */
export function keyOf(source) {
  return titleOf(source)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

const plain = (source) => words[source] ?? source.replaceAll('-', ' ')
const sentence = (text) => text[0].toUpperCase() + text.slice(1).toLowerCase()
