/** Every command by name, in the order of the help. */
import { analyze } from './analyze'
import { frame } from './frame'
import { importCommand } from './import'
import { list } from './list'
import { models } from './models'

export const commands = { import: importCommand, list, models, analyze, frame }
