/** The next analysis of an engine, once it has ended. */
import type { Job } from '../../../contracts/analysis'
import type { Engine } from '../../../main/host/engine'

/** To be asked for before the analysis starts. `onChange` hears what is told of it until then. */
export function jobEnded(engine: Engine, onChange: (job: Job) => void = () => {}): Promise<Job> {
  return new Promise((resolve) => {
    const forget = engine.subscribe((event) => {
      if (event.event !== 'job.changed') return
      onChange(event.job)
      if (event.job.state === 'queued' || event.job.state === 'running') return
      forget()
      resolve(event.job)
    })
  })
}
