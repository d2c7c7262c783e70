import { writeFileSync } from 'node:fs'
import { test } from 'vitest'
import { startApp, temporaryArchive } from './app'
import { Reader } from './reader'
test('corpus', async () => {
  const archive = temporaryArchive()
  const running = await startApp(archive.folder, ['/work/shared/data/dicom'])
  const { page } = running
  const out: string[] = []
  const reader = new Reader(page)
  try {
    await page.waitForFunction(() => document.querySelector('[data-testid="import-bar"]')?.getAttribute('data-state') === 'done', undefined, { timeout: 120000 })
    await page.waitForTimeout(500)
    const total = await page.getByTestId('worklist-count').textContent().catch(() => '')
    out.push('count ' + total)
    // walk with the next-study key
    if ((await reader.viewport.count()) === 0) await reader.rows.first().dblclick()
    const seen = new Set<string>()
    for (let n = 0; n < 400; n++) {
      await page.waitForTimeout(150)
      const key = (await page.getByTestId('reading').getAttribute('data-study-key').catch(() => '')) ?? ''
      if (seen.has(key)) break
      seen.add(key)
      const head = (await page.getByTestId('study-head').textContent()) ?? ''
      const items = page.getByTestId('series-item')
      const count = await items.count()
      for (let i = 0; i < count; i++) {
        if (await items.nth(i).isDisabled()) { out.push(`${key} ${head} #${i} disabled`); continue }
        await items.nth(i).click()
        for (const press of ['', 'End', 'Home']) {
          if (press) await reader.press(press)
          let state = ''
          for (let t = 0; t < 100; t++) { state = (await reader.viewport.getAttribute('data-state')) ?? ''; if (state !== 'loading') break; await page.waitForTimeout(50) }
          if (state !== 'shown') {
            const code = await page.getByTestId('viewport-refusal').getAttribute('data-code', { timeout: 500 }).catch(() => '')
            const text = await page.getByTestId('viewport-refusal').textContent({ timeout: 500 }).catch(() => '')
            out.push(`${key} ${head} #${i} ${press} ${state} ${code} ${text}`)
          }
        }
        out.push(`${key} ${head} | ${await items.nth(i).textContent()}`)
      }
      await reader.press(']')
    }
    out.push('studies ' + seen.size)
    out.push('errors ' + JSON.stringify(running.errors.slice(0, 20)))
  } finally { writeFileSync('/tmp/corpus.txt', out.join('\n')); await running.close(); archive.remove() }
}, 1500000)
