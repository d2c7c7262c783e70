/** The installed networks, for the command line. */
import { listModelPackages, type InstalledModel } from '../../networks/catalogue'
import { hostPaths } from '../paths'

export const installedModels = (entry: string): Promise<InstalledModel[]> => listModelPackages(hostPaths(entry).models)
