/** Files dropped on the window. */
import type { Page } from 'playwright-core'

/** A file with a path can come to a page through a file input alone; from there it is handed on as a drop would. */
export async function dropFiles(page: Page, paths: string[]): Promise<void> {
  await page.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', id: 'dropped', multiple: true })
    document.body.append(input)
  })
  await page.locator('#dropped').setInputFiles(paths)
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#dropped')!
    const dataTransfer = new DataTransfer()
    for (const file of input.files!) dataTransfer.items.add(file)
    const event = { dataTransfer, bubbles: true, cancelable: true }
    window.dispatchEvent(new DragEvent('dragover', event))
    window.dispatchEvent(new DragEvent('drop', event))
    input.remove()
  })
}
