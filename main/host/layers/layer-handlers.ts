/** What the engine does for the requests about layers; one service a window, as each looks at a picture of its own. */
import type { layerRequests } from '../../../contracts/layers'
import type { Engine } from '../engine'
import type { Handlers } from '../handlers'
import { LayerService } from './layer-service'

export function layerHandlers(engine: Engine): Pick<Handlers, keyof typeof layerRequests> {
  const layers = new LayerService(engine)
  return {
    'layers.list': (request) => layers.list(request),
    'layers.maps': (request) => layers.maps(request),
    'layers.overlay': (request) => layers.overlay(request),
    'layers.close': () => {
      layers.close()
      return {}
    },
  }
}
