/** What a name or a description could hold to mislead whoever sees it: markup, orders to a terminal, turned letters, new lines. */
export const hostile = {
  markup: `<img src=x onerror="window.reached=1"><script>window.reached=1</script>&lt;b&gt;'"`,
  direction: 'ab\u202ecd\u2066ef\u202agh\u2069',
  controls: 'A\x1b[2J\x1b]0;title\x07B\x00C\x7fD\u009b31mE\x08F',
  lines: 'first\r\nsecond\nthird\u2028fourth',
} as const

/** One text of all. A backslash would end a value, and is not in it. */
export const hostileText = Object.values(hostile).join(' ')

/** What neither a terminal nor a line of the window may be given. */
export const obeyed = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u
