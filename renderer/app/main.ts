import { mount } from 'svelte'
import { z } from 'zod'
import App from './App.svelte'

// The content security policy allows no `new Function`; this comes before any schema is used.
z.config({ jitless: true })

const target = document.getElementById('app')
if (target) {
  target.replaceChildren()
  mount(App, { target })
}
