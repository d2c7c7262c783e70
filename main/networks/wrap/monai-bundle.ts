/** What a MONAI bundle says of its network (MONAI Bundle specification: configs/metadata.json, and the usual configs/inference.json). */
import { z } from 'zod'
import { labelName } from './picture-questions'

const text = z.string().max(4000)
const numbers = z.array(z.number()).max(8)
const format = z.looseObject({
  modality: text.optional(),
  num_channels: z.number().optional(),
  spatial_shape: z
    .array(z.union([z.number(), z.string()]))
    .max(8)
    .optional(),
  channel_def: z.record(z.string(), text).optional(),
})
const metadataSchema = z.looseObject({
  version: text.optional(),
  name: text.optional(),
  task: text.optional(),
  description: text.optional(),
  intended_use: text.optional(),
  data_source: text.optional(),
  data_type: text.optional(),
  authors: text.optional(),
  network_data_format: z
    .looseObject({ inputs: z.record(z.string(), format).optional(), outputs: z.record(z.string(), format).optional() })
    .optional(),
})
const transformSchema = z.looseObject({
  _target_: text.optional(),
  axcodes: text.optional(),
  pixdim: z.union([numbers, z.number(), text]).optional(),
  a_min: z.number().optional(),
  a_max: z.number().optional(),
})
const inferenceSchema = z.looseObject({
  preprocessing: z.looseObject({ transforms: z.array(transformSchema).max(64).optional() }).optional(),
  inferer: z.looseObject({ overlap: z.number().optional() }).optional(),
})

/**
 * Suggestions for the questions of `wrap`, by their keys. What is not understood is left out, so that it is asked for.
 *
 * `metadata`, `inference`: the parsed files; anything else than a bundle's gives no suggestion.
 */
export function monaiSuggestions(metadata: unknown, inference: unknown): Record<string, string> {
  return { ...ofMetadata(metadata), ...ofInference(inference) }
}

function ofMetadata(content: unknown): Record<string, string> {
  const parsed = metadataSchema.safeParse(content)
  if (!parsed.success) return {}
  const {
    version,
    name,
    task,
    description,
    intended_use: intendedUse,
    data_source: source,
    data_type: kind,
    network_data_format: data,
  } = parsed.data
  const [input] = Object.values(data?.inputs ?? {})
  const [output] = Object.values(data?.outputs ?? {})
  const title = name ?? task
  return withoutGaps({
    id: title && labelName(title).replaceAll('_', '-').slice(0, 64),
    title: title?.slice(0, 80),
    version: /^\d{1,4}\.\d{1,4}\.\d{1,4}$/.exec(version ?? '')?.[0],
    intendedUse: intendedUse ?? description,
    trainingData: source ?? kind,
    trainingCode: 'MONAI bundle',
    modality: modalityOf(input?.modality),
    labels: channelNames(output?.channel_def)?.join(', '),
  })
}

function ofInference(content: unknown): Record<string, string> {
  const parsed = inferenceSchema.safeParse(content)
  if (!parsed.success) return {}
  const suggestions: Record<string, string | undefined> = { overlap: parsed.data.inferer?.overlap?.toString() }
  for (const { _target_: target = '', axcodes, pixdim, a_min: least, a_max: greatest } of parsed.data.preprocessing?.transforms ?? []) {
    const is = (transform: string) => target.split('.').at(-1) === transform
    if (is('Orientationd')) suggestions.axes = axesOf(axcodes)
    if (is('Spacingd') && Array.isArray(pixdim) && pixdim.length === 3) suggestions.spacing = pixdim.join(', ')
    if (is('ScaleIntensityRanged') && least !== undefined && greatest !== undefined) suggestions.scale = `values ${least}..${greatest}`
    if (is('NormalizeIntensityd')) suggestions.scale = 'mean-and-deviation'
    if (is('ScaleIntensityd')) suggestions.scale = 'range'
  }
  return withoutGaps(suggestions)
}

/** Axis codes of NIfTI name the end an axis runs to, as ours do; up and down have other letters. */
function axesOf(codes: string | undefined): string | undefined {
  return /^[RLAPSI]{3}$/.test(codes ?? '') ? codes!.replace('S', 'H').replace('I', 'F') : undefined
}

function modalityOf(modality: string | undefined): string | undefined {
  if (modality === undefined) return undefined
  const known = { MRI: 'MR', MR: 'MR', CT: 'CT', 'X-RAY': 'DX', XRAY: 'DX' }
  return known[modality.toUpperCase() as keyof typeof known]
}

/** In the order of their numbers; nothing where one is missing. */
function channelNames(channels: Record<string, string> | undefined): string[] | undefined {
  const names = Object.keys(channels ?? {}).map((_, index) => channels?.[index])
  return names.length > 0 && names.every((name) => name !== undefined) ? names.map((name) => name.replaceAll(',', ' ')) : undefined
}

function withoutGaps(suggestions: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(suggestions).flatMap(([key, value]) => (value === undefined || value.trim() === '' ? [] : [[key, value.trim()]])),
  )
}
