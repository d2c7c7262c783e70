/** A model package as data: the schema of `models/<id>/model.json`. No code, no path out of the folder. */
import { z } from 'zod'
import { sha256Schema } from './analysis'

const fraction = z.number().min(0).max(1)
const identifier = z.string().regex(/^[a-z][a-z0-9-]{1,63}$/)
const semanticVersion = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/)
/** A plain file name in the package folder: no separator, no leading dot. */
const fileName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/)
const side = z.int().min(1).max(4096)
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'low must not exceed high')

/** Where a statistic is taken: from the slice itself or from every slice of its series. */
const statistics = z.enum(['slice', 'series'])

/**
 * Pixels that are not background, on the source grid, before any step:
 * values above `threshold` times the percentile `ofPercentile` of all valid
 * (not padding) values.
 */
const foreground = z.strictObject({ threshold: fraction, ofPercentile: z.number().min(0).max(100) })

/** A value given outright, or as a percentile (0 to 100) of all valid or of foreground values. */
const level = z.union([
  z.strictObject({ value: z.number() }),
  z.strictObject({ percentile: z.number().min(0).max(100), of: z.enum(['valid', 'foreground']) }),
])

/** One named step. Spatial steps push their inverse on the trace. */
export const preprocessStepSchema = z.discriminatedUnion('op', [
  /** Flips and transposes so that a row runs towards `row` and a column towards `column` of the patient; nothing where the orientation is unknown. */
  z.strictObject({ op: z.literal('orient'), row: z.enum(['L', 'R', 'A', 'P', 'H', 'F']), column: z.enum(['L', 'R', 'A', 'P', 'H', 'F']) }),
  /** Cuts to the bounding box of the pixels that are not padding. */
  z.strictObject({ op: z.literal('crop-valid') }),
  /**
   * Cuts to the foreground's bounding box. A row (column) counts when, in any
   * slice the statistics cover, at least `minimumFraction` of it is foreground.
   * The box grows by `margin` times its longer side on each side; `square`
   * extends the shorter side about the centre. Beyond the picture the lowest
   * valid value of the slice is taken.
   */
  z.strictObject({
    op: z.literal('crop-foreground'),
    minimumFraction: fraction,
    margin: fraction,
    shape: z.enum(['box', 'square']),
    statistics,
  }),
  /** Separable; on each axis area averaging when it shrinks, linear when it grows; pixel corners aligned. */
  z.strictObject({ op: z.literal('resize'), rows: side, columns: side, interpolation: z.literal('area') }),
  /** Centred (the odd pixel goes to the end). */
  z.strictObject({ op: z.literal('pad'), rows: side, columns: side, value: z.number() }),
  z.strictObject({ op: z.literal('flip'), axis: z.enum(['rows', 'columns']) }),
  /** (v - low) / (high - low), then clipped to 0..1 when `clip`. */
  z.strictObject({ op: z.literal('scale'), low: level, high: level, statistics, clip: z.boolean() }),
  z.strictObject({ op: z.literal('standardise'), mean: z.number(), deviation: z.number().positive() }),
  z.strictObject({ op: z.literal('clip'), min: z.number(), max: z.number() }),
])
export type PreprocessStep = z.infer<typeof preprocessStepSchema>

const codedConcept = z.strictObject({ value: z.string().max(64), scheme: z.string().max(32), meaning: z.string().max(128) })

const labelSchema = z.strictObject({
  /** The key used everywhere: `probabilities`, masks, findings. */
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/),
  title: z.string().min(1).max(80),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/)
    .optional(),
  concept: codedConcept.optional(),
})

/** How boxes stand in a graph's outputs, and which are kept. */
const boxesSchema = z.strictObject({
  /** One box after the other, [1, boxes, values], or one value of every box after the other, [1, values, boxes]. The batch may be left out. */
  arrangement: z.enum(['box-by-box', 'value-by-value']),
  coordinates: z.enum(['left-top-right-bottom', 'top-left-bottom-right', 'centre-width-height']),
  /** Of the tensor: its pixels, from the corner of the first one, or shares of its sides. */
  unit: z.enum(['pixels', 'fractions']),
  /**
   * One a label after the coordinates; the same with a factor for all of them before; or in outputs of their own: `output`
   * [1, boxes, labels], or with `classes`, the number of each box's label, [boxes].
   */
  scores: z.union([
    z.literal('after-coordinates'),
    z.literal('after-objectness'),
    z.strictObject({ output: z.string().min(1).max(128), classes: z.string().min(1).max(128).nullable() }),
  ]),
  /** Of two boxes of a label whose intersection over union is above this, the one with the lesser score goes (non-maximum suppression). */
  mostOverlap: fraction,
  /** Lesser scores are not looked at. */
  leastScore: fraction,
  /** The greatest that are kept. */
  mostBoxes: z.int().min(1).max(500),
})
export type BoxesLayout = z.infer<typeof boxesSchema>

const outputSchema = z.strictObject({
  /** The name of the ONNX graph's output. */
  name: z.string().min(1).max(128),
  /**
   * `probabilities` [1, labels]; `activation-map` [1, labels, h, w] local logits;
   * `probability-map` [1, labels, h, w], or the labels last as in the input's layout. The grid of a map spans the input's. `boxes`: as `boxes` says.
   */
  kind: z.enum(['probabilities', 'activation-map', 'probability-map', 'boxes']),
  /** Applied by Overread; `none` when the graph already ends in it. */
  activation: z.enum(['none', 'sigmoid', 'softmax']),
  labels: z.array(labelSchema).min(1).max(256),
  boxes: boxesSchema.optional(),
})

/** A change of the tensor after all steps: what it shows is the same to a reader. */
const testTimeVariantSchema = z.strictObject({
  /** Pixels of the input down and to the right; what comes in repeats the edge. */
  shift: z.tuple([z.int().min(-64).max(64), z.int().min(-64).max(64)]),
  /** Values become value × gain + offset. */
  gain: z.number().min(0.5).max(2),
  offset: z.number().min(-2).max(2),
})
export type TestTimeVariant = z.infer<typeof testTimeVariantSchema>

const operatingPointSchema = z.strictObject({
  label: z.string(),
  name: z.string().max(80),
  threshold: fraction,
  sensitivity: fraction.nullable(),
  specificity: fraction.nullable(),
  measuredOn: z.string().min(1).max(400),
})

const metricSchema = z.strictObject({
  name: z.string().max(80),
  label: z.string(),
  value: z.number(),
  /** 95 % interval. */
  interval: range.nullable(),
  data: z.string().max(400),
})

/** What every package states, whatever its network reads. */
const described = {
  schemaVersion: z.literal(1),
  id: identifier,
  version: semanticVersion,
  title: z.string().min(1).max(80),
  /** What a finding of it is called in a sentence, and what the tool is for. */
  intendedUse: z.string().min(1).max(1000),
  notFor: z.array(z.string().max(300)).min(1).max(20),
  /** `tfjs`: a TensorFlow.js layers or graph model; run by the ONNX engine where it can be translated. */
  engine: z.enum(['onnx', 'tfjs']),
  file: fileName,
  /** Of TensorFlow.js: the files that hold the weights, in the order of the manifest in `file`. */
  weightFiles: z.array(fileName).max(64).default([]),
  /** Of TensorFlow.js: layers whose names end so are followed by a normalisation to zero mean and unit variance a channel, which the topology leaves unsaid. */
  normaliseAfter: z.string().min(1).max(64).optional(),
  /** Of the bytes of `file`, followed by those of `weightFiles` in their order. */
  sha256: sha256Schema,
  licence: z.string().min(1).max(200),
  /** The header contract. A field left out is not checked. */
  accepts: z.strictObject({
    modality: z.array(z.string().max(16)).min(1),
    bodyPart: z.array(z.string().max(64)).optional(),
    viewPosition: z.array(z.string().max(16)).optional(),
    photometricInterpretation: z.array(z.string().max(16)).optional(),
    plane: z.enum(['axial', 'coronal', 'sagittal']).optional(),
    /** Words of series and protocol descriptions (any case), and acquisition times, that speak for or against the sequence. */
    sequence: z
      .strictObject({
        name: z.string().max(32),
        words: z.array(z.string().max(32)),
        contradictedBy: z.array(z.string().max(32)),
        echoTimeMs: range.optional(),
        repetitionTimeMs: range.optional(),
        inversionTimeMs: range.optional(),
      })
      .optional(),
    pixelSpacingMm: range.optional(),
    /** Completed years of age of the patient, both ends included. */
    ageYears: range.optional(),
    minimumSidePx: z.int().positive().optional(),
    /**
     * What the pixels must look like: the package `model`, of the task `input-check`, gives `label` a probability at or
     * above its operating point. A single picture is asked itself; of a stack, sampled slices on the average. The titles of
     * its labels complete "this picture looks …", that of `label` "like a …".
     */
    pixels: z.strictObject({ model: identifier, label: z.string() }).optional(),
  }),
  /** Divides the logits; null when not calibrated. */
  calibration: z.strictObject({ temperature: z.number().positive(), measuredOn: z.string().max(400) }).nullable(),
  metrics: z.array(metricSchema).max(64),
  training: z.strictObject({ data: z.string().max(1000), code: z.string().max(200), seed: z.int() }),
}

/** A network that reads pictures one by one, with or without their neighbours. */
export const pictureModelSchema = z.strictObject({
  ...described,
  dimension: z.literal(2).optional(),
  /** `input-check`: says whether a picture suits other networks; a reader does not run it. */
  task: z.enum(['classification', 'segmentation', 'detection', 'input-check']),
  input: z.strictObject({
    name: z.string().min(1).max(128),
    /** `image`: one picture, in every channel the same where there are three; `stack`: the picture and its neighbours as channels. */
    kind: z.enum(['image', 'stack']),
    /** [1, channels, rows, columns], whatever the layout. */
    shape: z.tuple([z.literal(1), z.int().min(1).max(16), side, side]),
    /** Of the network itself: with `NHWC` it takes the channels last, and so stand the maps it gives; Overread turns both. */
    layout: z.enum(['NCHW', 'NHWC']),
    type: z.literal('float32'),
    /**
     * For a stack: the distance of the neighbours in mm. The neighbour nearest to it is
     * taken where positions are known, else the next one; beyond the end the outermost.
     */
    stepMm: z.number().positive().optional(),
    /** Of networks made for colour: after all steps a channel's values become (v - mean) / deviation. */
    channels: z
      .array(z.strictObject({ mean: z.number(), deviation: z.number().positive() }))
      .min(1)
      .max(16)
      .optional(),
  }),
  preprocess: z.strictObject({
    /** The stage of the pixel pipeline that the first step receives. */
    from: z.enum(['modality', 'display']),
    foreground: foreground.optional(),
    steps: z.array(preprocessStepSchema).min(1).max(16),
  }),
  /** Each runs besides the plain picture; the outputs are turned back and averaged as probabilities. */
  testTimeFlips: z.array(z.enum(['columns', 'rows'])).max(2),
  /** Runs of the plain tensor changed a little; their spread is shown as doubt and moves no score. */
  testTimeVariants: z.array(testTimeVariantSchema).max(8).default([]),
  outputs: z.array(outputSchema).min(1).max(8),
  /**
   * How far pictures lie from those the network was made with. `output` of the graph is [1, 1]: the Mahalanobis distance
   * of the features before the last layer, from statistics that lie in the graph (Lee et al., NeurIPS 2018). Beyond
   * `threshold` a result is withheld. `of` a picture: its own distance; of a series: the median of sampled slices.
   */
  distribution: z
    .strictObject({
      output: z.string().min(1).max(128),
      of: z.enum(['picture', 'series']),
      threshold: z.number().positive(),
      measuredOn: z.string().min(1).max(400),
    })
    .optional(),
  /** The first of a label is the one in force, unless a site has set another. A label without one tells more of a finding and makes none. */
  operatingPoints: z.array(operatingPointSchema).min(1).max(64),
  findings: z.strictObject({
    /** Components smaller than this, on the source grid, are no findings. */
    minimumPixels: z.int().min(1),
    minimumAreaMm2: z.number().positive().nullable(),
    /** True: components join across slices where there is a volume. */
    acrossSlices: z.boolean(),
    /** True: what is outlined is normal anatomy, which is shown and measured but counts as no finding. */
    structures: z.boolean().default(false),
  }),
  /** `picture` [slices, rows, columns] as the stage holds it, the tensor it becomes for `slice`, the graph's raw outputs for that tensor. */
  golden: z.strictObject({
    picture: fileName,
    slice: z.int().min(0),
    input: fileName,
    outputs: z.record(z.string(), fileName),
    tolerance: z.number().positive(),
  }),
})
export type PictureModel = z.infer<typeof pictureModelSchema>

const direction = z.enum(['L', 'R', 'A', 'P', 'H', 'F'])
const perAxis = <T extends z.ZodType>(value: T) => z.tuple([value, value, value])

/** One class of a label map; its place in the list is its number in the map. */
const structureSchema = z.strictObject({
  name: labelSchema.shape.name,
  title: labelSchema.shape.title,
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  concept: codedConcept.optional(),
})
export type StructureLabel = z.infer<typeof structureSchema>

/** A network that reads a whole volume and says of each voxel what it is. */
export const volumeModelSchema = z.strictObject({
  ...described,
  dimension: z.literal(3),
  task: z.literal('segmentation'),
  input: z.strictObject({
    name: z.string().min(1).max(128),
    kind: z.literal('volume'),
    /** Whither in the patient the tensor's three axes run, slowest first. */
    axes: perAxis(direction),
    /** Voxels along these axes; null: as many as the crop has, which a network of convolutions alone takes. */
    sides: z.union([perAxis(z.int().min(1).max(512)), z.null()]),
    /** Where the one channel stands. */
    layout: z.enum(['NCDHW', 'NDHWC']),
    type: z.literal('float32'),
  }),
  preprocess: z.strictObject({
    from: z.literal('modality'),
    /**
     * The grid the volume is resampled to, linearly, its centre on the centre of the series. `levels`: how values become
     * 0 to 255, rounded, as FreeSurfer's conform does (the 99.9th percentile of what is not 0 becomes 255); a volume that has
     * this grid and 8 bits already stays as it is.
     */
    conform: z.strictObject({
      sides: perAxis(z.int().min(8).max(512)),
      spacingMm: perAxis(z.number().min(0.2).max(10)),
      levels: z.enum(['eight-bit', 'as-they-are']),
    }),
    /**
     * Levels of the eight bits to which the medians under labels of the network that `crop` names are brought, rising; the
     * ends stay, and between them it is linear (Nyúl and Udupa, Magnetic Resonance in Medicine 42:1072, 1999). Left out: the
     * levels stay as they are.
     */
    landmarks: z
      .array(z.strictObject({ label: z.string().min(1).max(64), level: z.int().min(1).max(254) }))
      .min(1)
      .max(4)
      .optional(),
    /** Taken of the whole conformed volume. */
    scale: z.discriminatedUnion('by', [
      z.strictObject({ by: z.literal('range') }),
      z.strictObject({ by: z.literal('quantiles'), low: fraction, high: fraction }),
      z.strictObject({ by: z.literal('mean-and-deviation') }),
      z.strictObject({ by: z.literal('values'), low: z.number(), high: z.number(), clip: z.boolean() }),
    ]),
    /**
     * The box that the network sees: of what lies above `aboveShareOfGreatest` times the greatest value, or of what
     * another package outlines, grown by `marginVoxels` on every side.
     */
    crop: z
      .strictObject({
        to: z.union([z.strictObject({ aboveShareOfGreatest: fraction }), z.strictObject({ model: identifier })]),
        marginVoxels: z.int().min(0).max(64),
      })
      .nullable(),
  }),
  /** A window that slides over the box where the network takes a fixed size; shares are blended by a Gaussian weight. Null: one run. */
  slidingWindow: z.strictObject({ overlap: z.number().min(0).max(0.9), sigmaShare: z.number().positive().max(1) }).nullable(),
  outputs: z.tuple([
    z.strictObject({
      name: z.string().min(1).max(128),
      /** Scores of each class at each voxel, in the layout of the input; the greatest wins. The first class is the background. */
      kind: z.literal('label-map'),
      labels: z.array(structureSchema).min(2).max(256),
      /** By the graph's own class: the number of the label it counts as. Left out: its own. */
      countsAs: z.array(z.int().min(0).max(255)).min(2).max(256).optional(),
    }),
  ]),
  /** True: of all that is not background, only the largest part whose voxels touch at a face, an edge or a corner stays. */
  keepLargest: z.boolean(),
  /** A label map has none. */
  operatingPoints: z.array(operatingPointSchema).max(0).default([]),
  /** `input` as [depth, rows, columns] in the tensor's axes, and the graph's scores for it. */
  golden: z.strictObject({ input: fileName, outputs: z.record(z.string(), fileName), tolerance: z.number().positive() }),
})
export type VolumeModel = z.infer<typeof volumeModelSchema>

export const modelPackageSchema = z.union([pictureModelSchema, volumeModelSchema])
/** Told apart by `dimension`. */
export type ModelPackage = PictureModel | VolumeModel

/** Nobody is older, in years: an upper end from here on is none. */
export const greatestAge = 110

/** "of 1 to 5 years": completes "patients …". */
export function ageWords([low, high]: readonly [number, number]): string {
  if (high >= greatestAge) return `of ${low} years or more`
  return low === 0 ? `of up to ${high} years` : `of ${low} to ${high} years`
}

export function isPictureModel(model: ModelPackage): model is PictureModel {
  return model.dimension !== 3
}
export type ModelLabel = z.infer<typeof labelSchema>
export type ModelOutput = z.infer<typeof outputSchema>
export type OperatingPoint = z.infer<typeof operatingPointSchema>
