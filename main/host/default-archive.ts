/** Where the archive is when nobody names a folder. */
import { homedir } from 'node:os'
import { join } from 'node:path'

export function defaultArchiveFolder(platform: NodeJS.Platform = process.platform, environment: NodeJS.ProcessEnv = process.env): string {
  if (platform === 'win32') return join(environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Overread', 'archive')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Overread', 'archive')
  return join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'overread', 'archive')
}
