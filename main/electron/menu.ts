/** The application menu, from the one list of commands. Keys are shown only: the page handles them. */
import { BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron'
import { commands, type Command, type CommandMenu } from '../../contracts/commands'
import { shellChannels } from '../../contracts/shell'

const titles: Record<CommandMenu, string> = { file: 'File', view: 'View', picture: 'Picture', network: 'Network', help: 'Help' }

function item(command: Command): MenuItemConstructorOptions {
  return {
    label: command.title,
    ...(command.keys[0] ? { accelerator: acceleratorOf(command.keys[0]), registerAccelerator: false } : {}),
    click: () => BrowserWindow.getFocusedWindow()?.webContents.send(shellChannels.command, command.id),
  }
}

/** Electron's names for keys that the DOM names otherwise. */
function acceleratorOf(key: string): string {
  return key
    .replace('Ctrl', 'CmdOrCtrl')
    .replace(/Arrow(Up|Down|Left|Right)/, '$1')
    .replace('Escape', 'Esc')
}

export function setMenu(): void {
  const of = (menu: CommandMenu) => (commands as readonly Command[]).filter((command) => command.menu === menu).map(item)
  const system: Partial<Record<CommandMenu, MenuItemConstructorOptions[]>> = {
    file: [{ type: 'separator' }, { role: 'quit', label: 'Quit' }],
    view: [{ type: 'separator' }, { role: 'togglefullscreen', label: 'Full screen' }],
  }
  const menus = Object.keys(titles) as CommandMenu[]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menus.map((menu) => ({ label: titles[menu], submenu: [...of(menu), ...(system[menu] ?? [])] }))),
  )
}
