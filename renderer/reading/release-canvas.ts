/** Gives back what a canvas holds in the graphics process when it is done with; else that waits until the canvas is collected. */

/** Of a WebGL context. The loss is meant, so nobody is told of it. */
export function releaseContext(canvas: HTMLCanvasElement): void {
  canvas.addEventListener('webglcontextlost', (event) => event.stopImmediatePropagation(), { capture: true, once: true })
  canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
}

/** The picture on each canvas, as large as the viewport. */
export function releasePictures(canvases: Iterable<HTMLCanvasElement>): void {
  for (const canvas of canvases) {
    canvas.width = 0
    canvas.height = 0
  }
}
