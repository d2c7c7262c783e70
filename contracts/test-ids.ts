/** `data-testid` of what end-to-end tests touch. Components take them from here, so a rename breaks the type check. */
export const testIds = {
  worklist: 'worklist',
  worklistSearch: 'worklist-search',
  worklistTable: 'worklist-table',
  /** One a study; `data-study-key` names it, `data-ai-state` its state. */
  worklistRow: 'worklist-row',
  /** In a row of the worklist: what to know of the study, as its title. */
  studyCaution: 'study-caution',
  worklistEmpty: 'worklist-empty',
  worklistPreview: 'worklist-preview',
  openFiles: 'open-files',
  openFolder: 'open-folder',
  openExample: 'open-example',
  importBar: 'import-bar',
  importCancel: 'import-cancel',
  importFailures: 'import-failures',
  importDismiss: 'import-dismiss',

  reading: 'reading',
  backToWorklist: 'back-to-worklist',
  studyHead: 'study-head',
  seriesStrip: 'series-strip',
  /** `data-series-uid` names it; `aria-current` where shown. */
  seriesItem: 'series-item',
  /** `data-picture` is `<sop instance uid>#<frame index>` of what is painted, `data-state` one of loading, shown, refused. */
  viewport: 'viewport',
  /** Outlines; cleared while hidden. `data-overlay` is the picture it belongs to, empty while nothing is drawn. */
  overlayCanvas: 'overlay-canvas',
  /** The heatmap; lies over the picture in the blend mode `color`. */
  heatCanvas: 'heat-canvas',
  /** The file's own overlay planes; `data-overlay` as above. */
  planeCanvas: 'plane-canvas',
  /** The reader's measurements. */
  measureCanvas: 'measure-canvas',
  /** What the reader marked as missed; `data-overlay` as above. */
  entryCanvas: 'entry-canvas',
  /** One a measurement of the picture shown, in words; `data-selected`. */
  measurement: 'measurement',
  viewportRefusal: 'viewport-refusal',
  cornerPatient: 'corner-patient',
  cornerWindow: 'corner-window',
  cornerSlice: 'corner-slice',
  cornerProbe: 'corner-probe',
  orientationTop: 'orientation-top',
  orientationRight: 'orientation-right',
  orientationBottom: 'orientation-bottom',
  orientationLeft: 'orientation-left',
  scaleBar: 'scale-bar',
  /** `data-integrity`: lossless, lossy, damaged, or refused where nothing is shown. */
  integrity: 'integrity',
  sliceBar: 'slice-bar',
  presetMenu: 'preset-menu',
  studyNotes: 'study-notes',
  studyNotesPanel: 'study-notes-panel',
  /** Said of a result: its pictures had another header. */
  beforeCorrection: 'before-correction',
  seriesNotes: 'series-notes',
  seriesNotesPanel: 'series-notes-panel',
  /** `aria-pressed` where it is the one shown. */
  preset: 'preset',
  /** What is noted of the picture: overlays, colour profile, supplemental colours. */
  cornerNotes: 'corner-notes',

  analyseButton: 'analyse',
  analyseMenu: 'analyse-menu',
  /** `data-model-id` names it. */
  analyseModel: 'analyse-model',
  analyseImage: 'analyse-image',
  analyseSeries: 'analyse-series',
  analyseStudy: 'analyse-study',
  analyseProvider: 'analyse-provider',

  findingsPanel: 'findings-panel',
  /** The sentence that says how the series stands; `data-state` as in SCREENS.md. */
  findingsState: 'findings-state',
  jobProgress: 'job-progress',
  jobCancel: 'job-cancel',
  refusal: 'refusal',
  runAnyway: 'run-anyway',
  failure: 'failure',
  retry: 'retry',
  /** Says that another operating point is in force now. */
  pointNote: 'point-note',
  /** `data-finding-id`, `data-verdict`, `data-above`; `aria-current` where chosen. */
  findingRow: 'finding-row',
  findingInterval: 'finding-interval',
  findingAccept: 'finding-accept',
  findingReject: 'finding-reject',
  findingComment: 'finding-comment',
  findingCommentInput: 'finding-comment-input',
  findingUndo: 'finding-undo',
  findingWhy: 'finding-why',
  findingAgree: 'finding-agree',
  /** The reader's agreement that nothing is found, with its withdrawal. */
  agreement: 'agreement',
  /** One a mark of the reader; `data-entry-id`, `data-picture`; `aria-current` where its picture is shown. */
  missed: 'missed',
  missedJump: 'missed-jump',
  entryWithdraw: 'entry-withdraw',
  /** Why a result counts as no current one: `data-kind` is partial, stale or overridden. */
  resultCaveat: 'result-caveat',
  /** `data-state`: busy, failed or shown. */
  explanation: 'explanation',
  /** `data-trusted` */
  explanationBadge: 'explanation-badge',
  explanationSignature: 'explanation-signature',
  explanationCancel: 'explanation-cancel',
  explanationClose: 'explanation-close',
  explanationStretch: 'explanation-stretch',
  /** Says in the corner what the map over the picture is. */
  cornerExplanation: 'corner-explanation',
  /** What the pixels showed before the network's word was taken. */
  screening: 'screening',
  resultFacts: 'result-facts',
  /** Who stands for the package, where it did not come with Overread. */
  resultSignature: 'result-signature',
  researchUse: 'research-use',
  /** One a structure of a label map; `data-label` names it. */
  structure: 'structure',
  structureFilter: 'structure-filter',
  overlayToggle: 'overlay-toggle',
  overlayMode: 'overlay-mode',
  overlayOpacity: 'overlay-opacity',
  overlayThreshold: 'overlay-threshold',
  legend: 'legend',

  lookInto: 'look-into',
  inspector: 'inspector',
  /** One a layer; `data-place` is its place, `aria-current` where it is the one shown. */
  layer: 'layer',
  /** What the chosen layer does, in words. */
  layerWords: 'layer-words',
  layerScale: 'layer-scale',
  /** One a map; `data-map` is its place in the layer, `aria-pressed` where it is the one enlarged. */
  layerMap: 'layer-map',
  layerValues: 'layer-values',
  layerFault: 'layer-fault',
  /** `data-map` is the map that lies over the picture, empty while none does. */
  layerOverlay: 'layer-overlay',

  models: 'models',
  selfCheck: 'self-check',
  selfCheckRun: 'self-check-run',
  selfCheckCancel: 'self-check-cancel',
  /** What came out, or how far it is. */
  selfCheckStatus: 'self-check-status',
  /** `data-state` is passed, failed or absent; `data-kind` what was checked. */
  selfCheckRow: 'self-check-row',
  modelAddFile: 'model-add-file',
  modelAddFolder: 'model-add-folder',
  modelAddress: 'model-address',
  modelFetch: 'model-fetch',
  /** One a package that is or was being added; `data-state` as in `contracts/model-store`. */
  modelAdding: 'model-adding',
  modelAddCancel: 'model-add-cancel',
  modelVersions: 'model-versions',
  /** One a version; `data-version` names it, `aria-current` where it is in use. */
  modelVersion: 'model-version',
  modelUse: 'model-use',
  modelRemove: 'model-remove',
  modelRemoveSure: 'model-remove-sure',
  /** `data-model-id` names it, `data-version` the version whose card it is, `data-valid` says whether that can run. */
  modelCard: 'model-card',
  /** One a label; `data-label` names it, `data-source` is package or site. */
  points: 'points',
  /** The badge at what a site has set. */
  pointSite: 'point-site',
  /** The package's named point as a choice; `data-name` names it. */
  pointNamed: 'point-named',
  pointTyped: 'point-typed',
  pointThreshold: 'point-threshold',
  pointComment: 'point-comment',
  pointSet: 'point-set',
  pointBack: 'point-back',
  pointHistory: 'point-history',
  help: 'help',
  palette: 'palette',
  paletteInput: 'palette-input',
  engineStopped: 'engine-stopped',
} as const
