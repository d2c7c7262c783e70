/** Names of pictures in a labelled folder: paths below `images/` with `/` between their parts, never out of it. */

/** The name that a table gives, in that form; null where it leaves the folder or is no path at all. */
export function pictureName(text: string): string | null {
  const parts = text.trim().replaceAll('\\', '/').split('/')
  const isSound = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\p{Cc}:]/u.test(part))
  return isSound ? parts.join('/') : null
}

/** What a mask's name leaves out of its picture's: a UID also has dots in it. */
const pictureExtension = /\.(dcm|dicom|ima|png)$/i

/** Of the mask of a picture, below `masks/<label>/`. `frame` counts from 1; null where the object has one alone. */
export function maskName(picture: string, frame: number | null): string {
  return `${picture.replace(pictureExtension, '')}${frame === null ? '' : `-${frame}`}.png`
}

const collator = new Intl.Collator('en', { numeric: true })

/** Natural order: `2` before `10`. */
export function inNaturalOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1))
}

/** The folder that a name lies in; empty for `images/` itself. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')))
}
