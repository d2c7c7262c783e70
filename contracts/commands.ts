/** Every command with its key: the one list behind menu, tooltips, help, palette and tests. */

export type CommandPlace = 'everywhere' | 'worklist' | 'reading' | 'inspector'
export type CommandMenu = 'file' | 'view' | 'picture' | 'network' | 'help'

export interface Command {
  readonly id: string
  readonly title: string
  /** `KeyboardEvent.key` values, a single letter in upper case, modifiers before it: `Ctrl+K`. */
  readonly keys: readonly string[]
  readonly where: CommandPlace
  /** The application menu that shows it; null: none. */
  readonly menu: CommandMenu | null
  /** Runs again while the key is held down. All others ignore key repeats. */
  readonly repeats?: boolean
  /** What the mouse does instead, for the help page. */
  readonly mouse?: string
}

const presetKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

export const commands = [
  { id: 'file.open-files', title: 'Open files', keys: ['Ctrl+O'], where: 'everywhere', menu: 'file' },
  { id: 'file.open-folder', title: 'Open a folder', keys: ['Ctrl+Shift+O'], where: 'everywhere', menu: 'file' },
  { id: 'file.open-example', title: 'Open the example', keys: [], where: 'everywhere', menu: 'file' },
  { id: 'app.palette', title: 'Every command by name', keys: ['Ctrl+K'], where: 'everywhere', menu: 'view' },
  { id: 'app.worklist', title: 'Worklist', keys: [], where: 'everywhere', menu: 'view' },
  { id: 'app.models', title: 'Models', keys: [], where: 'everywhere', menu: 'view' },
  { id: 'models.add-file', title: 'Add a model from a ZIP', keys: [], where: 'everywhere', menu: 'network' },
  { id: 'models.add-folder', title: 'Add a model from a folder', keys: [], where: 'everywhere', menu: 'network' },
  { id: 'app.self-check', title: 'Self-check', keys: [], where: 'everywhere', menu: 'help' },
  { id: 'app.keys', title: 'Keys', keys: ['?'], where: 'everywhere', menu: 'help' },
  { id: 'app.back', title: 'Back one step', keys: ['Escape'], where: 'everywhere', menu: null },
  { id: 'app.next-panel', title: 'Next panel', keys: ['Tab'], where: 'everywhere', menu: null },

  { id: 'worklist.search', title: 'Search the worklist', keys: ['/'], where: 'worklist', menu: null },
  { id: 'worklist.down', title: 'Next row', keys: ['ArrowDown'], where: 'worklist', menu: null, repeats: true },
  { id: 'worklist.up', title: 'Previous row', keys: ['ArrowUp'], where: 'worklist', menu: null, repeats: true },
  { id: 'worklist.open', title: 'Open the chosen study', keys: ['Enter'], where: 'worklist', menu: null, mouse: 'double click' },

  { id: 'slice.next', title: 'Next slice', keys: ['ArrowDown'], where: 'reading', menu: null, repeats: true, mouse: 'wheel' },
  { id: 'slice.previous', title: 'Previous slice', keys: ['ArrowUp'], where: 'reading', menu: null, repeats: true, mouse: 'wheel' },
  { id: 'slice.page-down', title: 'Ten slices on', keys: ['PageDown'], where: 'reading', menu: null, repeats: true },
  { id: 'slice.page-up', title: 'Ten slices back', keys: ['PageUp'], where: 'reading', menu: null, repeats: true },
  { id: 'slice.first', title: 'First slice', keys: ['Home'], where: 'reading', menu: 'picture' },
  { id: 'slice.last', title: 'Last slice', keys: ['End'], where: 'reading', menu: 'picture' },
  { id: 'picture.cine', title: 'Cine', keys: ['Space'], where: 'reading', menu: 'picture' },

  { id: 'tool.window', title: 'Window by dragging', keys: ['D'], where: 'reading', menu: 'picture', mouse: 'drag left' },
  { id: 'tool.zoom', title: 'Zoom by dragging', keys: ['Z'], where: 'reading', menu: 'picture', mouse: 'drag right' },
  { id: 'tool.pan', title: 'Pan by dragging', keys: ['S'], where: 'reading', menu: 'picture', mouse: 'drag middle' },
  { id: 'tool.probe', title: 'Probe: the value under the cursor', keys: ['V'], where: 'reading', menu: 'picture' },
  { id: 'tool.length', title: 'Measure a length', keys: ['L'], where: 'reading', menu: 'picture' },
  { id: 'tool.ellipse', title: 'Measure in an ellipse', keys: ['E'], where: 'reading', menu: 'picture' },
  { id: 'tool.angle', title: 'Measure an angle', keys: ['G'], where: 'reading', menu: 'picture' },
  ...presetKeys.map((key) => ({
    id: `window.preset-${key}`,
    title: `Window preset ${key}`,
    keys: [key],
    where: 'reading' as const,
    menu: null,
  })),
  { id: 'picture.fit', title: 'Fit to the window', keys: ['F'], where: 'reading', menu: 'picture' },
  { id: 'picture.actual-size', title: 'One picture pixel to one screen pixel', keys: ['Shift+F'], where: 'reading', menu: 'picture' },
  { id: 'picture.invert', title: 'Invert', keys: ['I'], where: 'reading', menu: 'picture' },
  { id: 'picture.rotate', title: 'Rotate by 90 degrees', keys: ['R'], where: 'reading', menu: 'picture' },
  { id: 'picture.flip', title: 'Flip left and right', keys: ['X'], where: 'reading', menu: 'picture' },
  { id: 'picture.reset', title: 'Reset the view', keys: ['0'], where: 'reading', menu: 'picture' },
  { id: 'picture.corners', title: 'Hide and show the corner texts', keys: ['T'], where: 'reading', menu: 'picture' },
  { id: 'picture.overlays', title: 'Hide and show the overlays of the file', keys: ['O'], where: 'reading', menu: 'picture' },
  { id: 'study.previous', title: 'Previous study', keys: ['['], where: 'reading', menu: 'view' },
  { id: 'study.next', title: 'Next study', keys: [']'], where: 'reading', menu: 'view' },

  { id: 'network.analyse', title: 'Analyse this series with the suggested model', keys: ['A'], where: 'reading', menu: 'network' },
  {
    id: 'overlay.toggle',
    title: 'Hide and show everything of the network (held: hidden while held)',
    keys: ['H'],
    where: 'reading',
    menu: 'network',
  },
  { id: 'overlay.mode', title: 'Heat, outline, both', keys: ['M'], where: 'reading', menu: 'network' },
  { id: 'overlay.less', title: 'Less opacity', keys: [','], where: 'reading', menu: 'network', repeats: true },
  { id: 'overlay.more', title: 'More opacity', keys: ['.'], where: 'reading', menu: 'network', repeats: true },
  { id: 'finding.next', title: 'Next finding, at its best slice', keys: ['N'], where: 'reading', menu: 'network' },
  { id: 'finding.previous', title: 'Previous finding, at its best slice', keys: ['P'], where: 'reading', menu: 'network' },
  { id: 'finding.accept', title: 'Accept the chosen finding', keys: ['Enter'], where: 'reading', menu: 'network' },
  {
    id: 'finding.reject',
    title: 'Reject the chosen finding, or delete the selected measurement',
    keys: ['Delete'],
    where: 'reading',
    menu: 'network',
  },
  { id: 'finding.agree', title: 'Agree with the network: nothing found', keys: ['Shift+Enter'], where: 'reading', menu: 'network' },
  {
    id: 'tool.missed',
    title: 'Missed by the network: a click marks a point, dragging an outline',
    keys: ['W'],
    where: 'reading',
    menu: 'network',
  },
  { id: 'finding.comment', title: 'Comment on the chosen finding', keys: ['C'], where: 'reading', menu: 'network' },
  { id: 'network.layers', title: 'Look into the network on this picture', keys: ['Y'], where: 'reading', menu: 'network' },
  { id: 'finding.why', title: 'Why: where the score of the chosen finding comes from', keys: ['Q'], where: 'reading', menu: 'network' },
  { id: 'decision.undo', title: 'Undo the last decision or mark, as a new one', keys: ['Ctrl+Z'], where: 'reading', menu: 'network' },

  { id: 'inspector.next-layer', title: 'Next layer', keys: ['ArrowDown'], where: 'inspector', menu: null, repeats: true },
  { id: 'inspector.previous-layer', title: 'Previous layer', keys: ['ArrowUp'], where: 'inspector', menu: null, repeats: true },
  { id: 'inspector.next-map', title: 'Next map', keys: ['ArrowRight'], where: 'inspector', menu: null, repeats: true },
  { id: 'inspector.previous-map', title: 'Previous map', keys: ['ArrowLeft'], where: 'inspector', menu: null, repeats: true },
  { id: 'inspector.overlay', title: 'Hide and show the map over the picture', keys: ['H'], where: 'inspector', menu: null },
] as const satisfies readonly Command[]

export type CommandId = (typeof commands)[number]['id']

const byId = new Map<string, Command>(commands.map((command) => [command.id, command]))

export function commandById(id: string): Command | null {
  return byId.get(id) ?? null
}

const keyNames: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', PageUp: 'Page up', PageDown: 'Page down', Escape: 'Esc' }

/** A key as a reader sees it: `Ctrl K`, `↓`. */
export function keyLabel(key: string): string {
  return key
    .split('+')
    .map((part) => keyNames[part] ?? part)
    .join(' ')
}

/** Title and key of a command, for a tooltip: `Invert (I)`. */
export function commandTooltip(id: CommandId): string {
  const command = byId.get(id)
  if (!command) return ''
  const key = command.keys[0]
  return key === undefined ? command.title : `${command.title} (${keyLabel(key)})`
}
