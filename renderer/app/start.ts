/** The frame that stands in the page is painted first; what the app itself is made of is loaded and run after that. */
import '@fontsource-variable/inter'
import './app.css'

/** A window that nobody sees may never be painted. */
const longestWaitMs = 500

/** However often: a module is run once. */
const run = () => void import('./main')

new PerformanceObserver(run).observe({ type: 'paint', buffered: true })
setTimeout(run, longestWaitMs)
