import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('./renderer'),
  base: './',
  plugins: [svelte({ configFile: false })],
  resolve: {
    // vtk.js asks for Node's modules by name; left to Vite they become empty objects and "Class extends value undefined".
    alias: [
      { find: /^events$/, replacement: here('./node_modules/events/events.js') },
      { find: /^url$/, replacement: here('./node_modules/url/url.js') },
    ],
  },
  worker: { format: 'es' },
  build: {
    outDir: here('./out/renderer'),
    emptyOutDir: true,
    target: 'chrome130',
    // The content security policy knows no data: fonts and pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
  },
})
