// Golden files of the Jinja tree: test/golden/jinja/NAME.txt holds an input, a line `====`, and the printed tree.

import { readFileSync, readdirSync } from 'node:fs'

const FOLDER = new URL('../golden/jinja/', import.meta.url)
export const SEPARATOR = '\n====\n'

export interface Golden { readonly input: string; readonly output: string }

export function goldenFiles(): Map<string, Golden> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt')).sort()
  return new Map(names.map((name) => {
    const text = readFileSync(new URL(name, FOLDER), 'utf8')
    const at = text.indexOf(SEPARATOR)
    return [name, at < 0 ? { input: text, output: '' } : { input: text.slice(0, at), output: text.slice(at + SEPARATOR.length) }]
  }))
}

export function goldenInputs(): Map<string, string> {
  return new Map([...goldenFiles()].map(([name, golden]) => [name, golden.input]))
}

export function goldenPath(name: string): URL {
  return new URL(name, FOLDER)
}
