/** Results as networks give them, for tests that need one and care for a field or two. */
import type { AnalysisResult, Finding, ImageResult } from '../../contracts/analysis'

export function imageResult(
  instance: string,
  options: { study?: string; series?: string; refused?: boolean; frameIndex?: number } = {},
): ImageResult {
  const { study = '1', series = '1', refused = false, frameIndex = 0 } = options
  return {
    sopInstanceUid: `1.2.3.${study}.${series}.${instance}`,
    frameIndex,
    sha256: 'a'.repeat(64),
    probabilities: refused ? {} : { abnormality: 0.5 },
    maskPixels: {},
    heatmapRange: {},
    attributes: {},
    intervals: {},
    screening: null,
    refused: refused ? { code: 'gate.modality', message: 'This network reads another kind of picture (modality).' } : null,
  }
}

export function finding(options: Partial<Finding> = {}): Finding {
  const best = { sopInstanceUid: '1.2.3.1.1.1', frameIndex: 0 }
  return {
    findingId: crypto.randomUUID(),
    label: 'abnormality',
    title: 'FLAIR abnormality',
    kind: 'region',
    score: 0.9,
    interval: null,
    attributes: [],
    operatingPoint: 0.5,
    operatingPointSource: 'package',
    above: true,
    best,
    boxes: [],
    frames: [best],
    firstSlice: 1,
    lastSlice: 1,
    pixels: 12,
    areaMm2: 12,
    volumeMl: null,
    ...options,
  }
}

export function result(options: Partial<AnalysisResult> = {}): AnalysisResult {
  const images = options.images ?? [imageResult('1')]
  return {
    resultId: crypto.randomUUID(),
    studyInstanceUid: '1.2.3.1',
    seriesInstanceUid: '1.2.3.1.1',
    stack: '',
    model: { id: 'brain-flair-abnormality', version: '1.0.0', sha256: 'b'.repeat(64), title: 'FLAIR abnormality' },
    signature: null,
    provider: 'cpu',
    providersFailed: [],
    createdAt: '2026-11-02T10:20:00.000Z',
    computePeakBytes: 5,
    timing: { decodeMs: 1, preprocessMs: 2, runMs: 3, postprocessMs: 4 },
    gate: { verdict: 'accepts', contradictions: [], unchecked: [] },
    overridden: false,
    operatingPoints: [],
    screening: null,
    imagesTotal: images.length,
    incomplete: null,
    heatmapKind: 'probability',
    hasMasks: true,
    hasPossibleMasks: false,
    hasLabelMaps: false,
    unlabelled: null,
    requested: null,
    findings: [],
    structures: [],
    notes: [],
    ...options,
    images,
  }
}
