/** Every command by name, in the order of the help. */
import { analyze } from './analyze'
import { archive } from './archive'
import { evaluate } from './evaluate'
import { explain } from './explain'
import { frame } from './frame'
import { importCommand } from './import'
import { inspect } from './inspect'
import { list } from './list'
import { models } from './models'
import { points } from './points'
import { selfCheck } from './self-check'

export const commands = {
  import: importCommand,
  list,
  models,
  points,
  analyze,
  evaluate,
  explain,
  frame,
  inspect,
  archive,
  'self-check': selfCheck,
}
