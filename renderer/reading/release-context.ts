/**
 * Gives back what a canvas' WebGL context holds in the graphics process; else that waits until the canvas is collected. The loss
 * is meant, so nobody is told of it.
 */
export function releaseContext(canvas: HTMLCanvasElement): void {
  canvas.addEventListener('webglcontextlost', (event) => event.stopImmediatePropagation(), { capture: true, once: true })
  canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext()
}
