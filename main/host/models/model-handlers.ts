/** What the engine does for the Models screen of a window. */
import type { ModelEntry, modelStoreRequests } from '../../../contracts/model-store'
import type { InstalledModel } from '../../networks/catalogue'
import type { Engine } from '../engine'
import type { Handlers } from '../handlers'

export function modelHandlers({ store }: Pick<Engine, 'store'>): Pick<Handlers, keyof typeof modelStoreRequests> {
  return {
    'models.list': async () => ({ models: (await store.catalogue()).map(entryOf) }),
    'models.fetch': ({ address }) => ({ addingId: store.begin({ address }) }),
    'models.cancel-adding': ({ addingId }) => {
      store.cancel(addingId)
      return {}
    },
    'models.use': async ({ modelId, version, back }) => {
      await store.use(modelId, version, back)
      return {}
    },
    'models.remove': async ({ modelId, version }) => {
      await store.remove(modelId, version)
      return {}
    },
  }
}

/** Without its folder: no path reaches a window. */
function entryOf({ folder: _folder, ...entry }: InstalledModel): ModelEntry {
  return entry
}
