/** Every command by name, in the order of the help. */
import { analyze } from './analyze'
import { archive } from './archive'
import { evaluate } from './evaluate'
import { explain } from './explain'
import { frame } from './frame'
import { importCommand } from './import'
import { inspect } from './inspect'
import { list } from './list'
import { addModel } from './models/add'
import { modelInfo } from './models/info'
import { models } from './models/list'
import { removeModel } from './models/remove'
import { signModel } from './models/sign'
import { trustKey } from './models/trust'
import { useModel } from './models/use'
import { verifyModels } from './models/verify'
import { wrapModel } from './models/wrap'
import { points } from './points'
import { selfCheck } from './self-check'

export const commands = {
  import: importCommand,
  list,
  models,
  'models add': addModel,
  'models info': modelInfo,
  'models use': useModel,
  'models remove': removeModel,
  'models verify': verifyModels,
  'models trust': trustKey,
  'models sign': signModel,
  'models wrap': wrapModel,
  points,
  analyze,
  evaluate,
  explain,
  frame,
  inspect,
  archive,
  'self-check': selfCheck,
}
