/** The look of the report: light, dark where the reader's system is, black on white on paper. */
import { Markup } from './markup'

export const style = new Markup(`
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --ground: #ffffff; --panel: #f3f5f7; --line: #d0d6dc; --curve: #0f62a8; --bar: #c3d7ea; --mark: #9a5b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a2abb5; --ground: #15181b; --panel: #1e2327; --line: #3a424a; --curve: #6db3f2; --bar: #2f4a63; --mark: #e8b93b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 900px; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 40px 0 8px; overflow-wrap: anywhere; }
h3 { font-size: 16px; margin: 24px 0 6px; }
p { margin: 6px 0; max-width: 75ch; }
.soft { color: var(--soft); }
.notice { margin: 16px 0; padding: 10px 14px; border: 1px solid var(--line); border-left: 4px solid var(--mark); background: var(--panel); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--soft); overflow-wrap: normal; }
td.number, th.number { text-align: right; overflow-wrap: normal; }
td.number { white-space: nowrap; }
code { font: 13px/1.4 ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 16px 24px; }
figure { margin: 8px 0; flex: 1 1 310px; max-width: 420px; }
figure.wide { max-width: none; }
figcaption { color: var(--soft); font-size: 14px; }
svg { width: 100%; height: auto; display: block; }
svg text { fill: var(--ink); font-size: 12px; }
.grid { stroke: var(--line); stroke-width: 1; fill: none; }
.diagonal { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 5 4; fill: none; }
.curve { stroke: var(--curve); stroke-width: 2; fill: none; stroke-linejoin: round; }
.dot, .case { fill: var(--curve); }
.bar { fill: var(--bar); }
.point { fill: var(--ground); stroke: var(--ink); stroke-width: 1.5; }
.point.in-force { stroke: var(--mark); stroke-width: 3; }
summary { cursor: pointer; }
@media print { :root { color-scheme: light; --ink: #000000; --soft: #444444; --ground: #ffffff; --panel: #ffffff; --line: #aaaaaa; --curve: #0f62a8; --bar: #c3d7ea; --mark: #7a4700; } body { padding: 0; font-size: 13px; } .scroll { overflow: visible; } figure, tr { break-inside: avoid; } }
`)
