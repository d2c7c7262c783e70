import '@fontsource-variable/inter'
import { mount } from 'svelte'
import { z } from 'zod'
import './app.css'
import App from './App.svelte'

// The content security policy allows no `new Function`; this comes before any schema is used.
z.config({ jitless: true })

const target = document.getElementById('app')
if (target) mount(App, { target })
