/** The frame that stands in the page is painted first; what the app itself is made of is loaded and run after that. */
import '@fontsource-variable/inter'
import './app.css'

// Within the frame itself the program would run before it is painted.
requestAnimationFrame(() => setTimeout(() => void import('./main')))
