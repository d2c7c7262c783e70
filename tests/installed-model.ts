/** An entry of the catalogue as it is of a package that came with Overread. */
import type { ModelPackage } from '../contracts/model-package'
import type { InstalledModel } from '../main/networks/catalogue'
import { bundled } from '../main/networks/signature'

export function installedModel(described: ModelPackage, folder: string, changes: Partial<InstalledModel> = {}): InstalledModel {
  return {
    folder,
    valid: true,
    error: null,
    id: described.id,
    version: described.version,
    package: described,
    card: '',
    source: 'bundled',
    digest: null,
    active: true,
    signature: bundled,
    added: null,
    ...changes,
  }
}
