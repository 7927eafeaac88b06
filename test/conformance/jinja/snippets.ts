// Reads snippets.txt: one snippet a line, `⏎` for a newline, `#` for a remark, `mode: run|parse|native` for those that follow.

import type { Case, Mode } from './evaluated.ts'

export function snippetsOf(text: string): Case[] {
  const cases: Case[] = []
  let mode: Mode = 'run'
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue
    if (line.startsWith('mode: ')) mode = line.slice(6) as Mode
    else cases.push([mode, line.replace(/⏎/g, '\n')])
  }
  return cases
}
