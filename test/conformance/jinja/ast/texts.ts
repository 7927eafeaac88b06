// The texts that are compared: golden inputs and snippets, whole and broken, or the .sql and .md files of given folders.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { goldenInputs } from '../../../support/golden.ts'
import { snippets } from './snippets.ts'

/** The golden inputs and snippets; each also cut at some offsets and with some characters deleted. */
export function ownTexts(): string[] {
  const whole = [...goldenInputs().values(), ...snippets]
  const broken = whole.flatMap((text) => {
    const step = Math.max(1, Math.floor(text.length / 40))
    const offsets = Array.from({ length: Math.floor(text.length / step) }, (_, i) => i * step)
    return offsets.flatMap((at) => [text.slice(0, at), text.slice(0, at) + text.slice(at + 1)])
  })
  return [...whole, ...broken]
}

export function textsUnder(paths: readonly string[]): string[] {
  return paths.flatMap(filesUnder).map((path) => readFileSync(path, 'utf8'))
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return /\.(sql|md)$/.test(path) ? [path] : []
  return readdirSync(path).toSorted().flatMap((name) => filesUnder(join(path, name)))
}
